#pragma once

#include <opencv2/core.hpp>

#include "frame/plane.h"

namespace scrim {

/// Blurs the `part` of a luma plane by the mean over a box of that many pixels, into the same part
/// of `out`, which is another plane of that size. What lies around the part is read, too; at the
/// edges of the plane the picture is mirrored.
void box_blur_luma(const Plane& in, Plane& out, const cv::Rect& part, cv::Size box);

/// The same for a chroma plane. Box in luma pixels, part in pixels of the plane: what comes out is
/// what blurring at full resolution and subsampling afterwards would give, as nearly as possible.
void box_blur_chroma(const Plane& in, Plane& out, const cv::Rect& part, cv::Size box);

}  // namespace scrim
