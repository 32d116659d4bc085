#pragma once

#include <array>
#include <optional>

namespace scrim {

/// A place in a frame as shares of its width and height: 0, 0 is the top left corner, 1, 1 the
/// bottom right one. May lie outside, where somebody is only half in the picture.
struct FramePoint {
    double x = 0, y = 0;
};

/// Where a face is: a box from the brows to the chin, and the two eyes (the person's right one,
/// which is on the left of a picture that is not mirrored, comes first) where they are known.
struct Face {
    double left = 0, top = 0, right = 0,
           bottom = 0;  // as in FramePoint; left < right, top < bottom
    std::optional<std::array<FramePoint, 2>> eyes;
};

}  // namespace scrim
