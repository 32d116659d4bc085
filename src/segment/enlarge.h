#pragma once

#include <cstdint>
#include <vector>

#include "frame/plane.h"

namespace scrim {

/// Brings scores to a frame's size, interpolated bilinearly between pixel centres, so that the
/// edges of both are the same. Most of a score is one value over wide areas, which are only filled.
/// At most 1.5 levels from the exact value; where all pixels around are 0 or 255, so is the result.
///
/// Threads: one at a time.
class Enlarger {
  public:
    Enlarger(int width, int height) : width_(width), height_(height) {}

    /// The same plane, uncopied, where the size agrees already.
    Plane operator()(const Plane& score);

  private:
    void plan(int score_width);
    void widen(const std::uint8_t* in, int count, std::uint8_t* out) const;

    int width_, height_;
    int planned_ = 0;                     // for scores of that width:
    std::vector<int> begins_;             // where the pixels between two columns of it begin
    std::vector<std::uint16_t> weights_;  // of the right one of them, in 65536ths
};

}  // namespace scrim
