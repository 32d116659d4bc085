#pragma once

#include <cstdint>

#include "frame/plane.h"
#include "util/clock.h"

namespace scrim {

enum class Matrix : std::uint8_t { bt601, bt709 };
enum class Range : std::uint8_t { limited, full };

/// What the numbers in a YUV picture mean. Every frame carries them from its source on; nothing
/// later guesses.
struct ColorTags {
    Matrix matrix = Matrix::bt601;
    Range range = Range::limited;
    bool operator==(const ColorTags&) const = default;
};

/// Width or height of a chroma plane of 4:2:0 for a luma plane of that size: rounded up.
constexpr int chroma_size(int luma_size) {
    return (luma_size + 1) / 2;
}

/// A picture on its way through the pipeline: planar YUV 4:2:0, 8 bit, and an alpha plane of full
/// size (255 = opaque, straight, not premultiplied) if it is not opaque everywhere.
///
/// A value: copying one costs four counters, the pixels are copied when somebody writes to a plane.
struct Frame {
    Plane y;      // width x height
    Plane u;      // chroma_size(width) x chroma_size(height)
    Plane v;      // the same
    Plane alpha;  // width x height; empty = opaque

    ColorTags tags;
    std::uint64_t sequence = 0;  // counts from the source, with gaps where pictures were dropped
    Time captured{};             // live: when the camera took it; file: epoch + its own time

    Frame() = default;
    /// Planes of that size, not initialised, no alpha.
    Frame(int width, int height, ColorTags color_tags);

    bool empty() const { return y.empty(); }
    bool opaque() const { return alpha.empty(); }
    int width() const { return y.width(); }
    int height() const { return y.height(); }
};

/// One colour everywhere, in a frame's own tags.
struct YuvColor {
    std::uint8_t y, u, v;
};
YuvColor yuv_of_rgb(int r, int g, int b, ColorTags tags);

/// A frame of one colour; alpha 255 gives an opaque frame without alpha plane.
Frame solid_frame(int width, int height, ColorTags tags, YuvColor color, std::uint8_t alpha = 255);

}  // namespace scrim
