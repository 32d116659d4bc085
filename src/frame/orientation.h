#pragma once

namespace scrim {

/// How a stored picture has to be turned to stand upright: first rows and columns are swapped, then
/// it is mirrored left to right, then top to bottom.
struct Orientation {
    bool transpose = false;
    bool mirror = false;
    bool flip = false;
    bool upright() const { return !transpose && !mirror && !flip; }
};

}  // namespace scrim
