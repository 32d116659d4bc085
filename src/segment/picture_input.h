#pragma once

#include <array>
#include <span>

#include <opencv2/core.hpp>

#include "frame/frame.h"
#include "segment/enlarge.h"
#include "segment/segmenter.h"

namespace scrim {

/// What a network wants a colour of 0..255 to be: colour * scale + offset.
struct InputRange {
    double scale = 1;
    std::array<double, 3> offset{};  // of red, green, blue
    bool bgr = false;                // whether blue comes first
};

/// Fills a network's input with a frame: the whole frame is stretched to the network's size,
/// whatever its aspect, so that nothing is cut off at the sides and nothing is wasted on borders.
///
/// Threads: one at a time.
class PictureInput {
  public:
    PictureInput(int width, int height, InputRange range);

    /// The network's size.
    PictureSize size() const { return {width_, height_}; }

    /// R, G, B (or B, G, R) of every pixel without gaps. Throws Error for a frame that is empty or
    /// too large.
    void fill(const Frame& frame, std::span<float> input);

  private:
    Plane scaled(const Plane& plane);

    int width_, height_;
    InputRange range_;
    cv::Mat bgra_, rgb_;
    Enlarger enlarge_;
};

}  // namespace scrim
