#pragma once

#include <opencv2/core.hpp>

#include "frame/face.h"
#include "frame/plane.h"

namespace scrim {

/// Carries what was found in one frame along to later ones, by what moved in the picture in
/// between.
///
/// Block matching (sum of absolute differences) on luma at a width of 160 pixels, first at half of
/// that for large shifts. A block pays for standing apart from its neighbours, so that flat regions
/// follow the edges around them. Shifts are measured between the two frames directly, so errors do
/// not add up; between the blocks' centres they are interpolated.
///
/// Threads: one at a time.
class MotionCarrier {
  public:
    /// The frame in which something was found: its luma, of any size.
    void remember(const Plane& luma);

    /// The present frame's luma, of the same size. remember() must have come before.
    void follow(const Plane& luma);

    /// A plane that covers the remembered frame, at any resolution, as it looks in the present one.
    Plane carried(const Plane& plane) const;

    /// The box around where the face was and where it is now: rather too large than too small.
    Face carried(const Face& face) const;

  private:
    struct Thumbnails {
        cv::Mat whole, half;
    };
    static Thumbnails thumbnails_of(const Plane& luma);
    cv::Point2d mean_shift(const Face& face) const;

    Thumbnails remembered_;
    /// For each block: where in the remembered thumbnail it was, relative to where it is now.
    cv::Mat_<cv::Vec2f> shifts_;
};

}  // namespace scrim
