#pragma once

#include <cstddef>
#include <vector>

#include <opencv2/core.hpp>

#include "config/config.h"
#include "frame/plane.h"
#include "segment/enlarge.h"

namespace scrim {

/// Turns a network's score into the mask that the compositor uses: threshold (hard networks only),
/// mean over the last `average_masks`, then at frame size `dilate`, `erode`, `blur`, as the
/// configuration language says. One per stream, since it remembers the masks before.
///
/// A soft score is averaged at its own size, which is cheaper and gives the same, and then
/// interpolated to the frame's; a hard one is interpolated first, so that the threshold cuts a
/// smooth line.
class MaskRefiner {
  public:
    MaskRefiner(const Config& config, bool hard, int frame_width, int frame_height);

    /// The mask, frame-sized, 0..255.
    Plane refine(const Plane& score);

    /// Forgets the masks before (after a gap, an error, another camera).
    void reset();

  private:
    Plane averaged(Plane mask);

    std::size_t average_;
    int dilate_, erode_, blur_;
    int threshold_;  // 0..255: a score above it is a person; -1 = soft
    Enlarger enlarge_;
    std::vector<Plane> last_;  // as a ring
    std::size_t oldest_ = 0;
    cv::Mat sum_;  // of them, 16 bits
};

}  // namespace scrim
