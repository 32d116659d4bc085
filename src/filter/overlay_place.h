#pragma once

#include <cstdint>
#include <optional>

#include <opencv2/core.hpp>

#include "config/schema.h"

namespace scrim {

/// In pixels, or in percent of a side of the frame.
struct Length {
    double number = 0;
    bool percent = false;
    double of(int side) const { return percent ? number / 100 * side : number; }
};

enum class Anchor : std::uint8_t {
    top_left,
    top,
    top_right,
    left,
    center,
    right,
    bottom_left,
    bottom,
    bottom_right
};

/// Where a picture is put and how large. `anchor` is the point of the frame from which x and y are
/// counted, and the point of the picture that lies there; from an edge they count inwards, from the
/// middle to the right and down.
struct OverlayPlace {
    Length x;
    Length y;
    std::optional<Length> width;   // absent = by the height and the picture's shape, ...
    std::optional<Length> height;  // ... both absent = the picture's own size
    Anchor anchor = Anchor::top_left;

    void bind(Schema& schema);

    /// The rectangle for a picture of that size, which may lie outside of the frame in part or
    /// wholly.
    cv::Rect rectangle(cv::Size picture, cv::Size frame) const;
};

}  // namespace scrim
