#pragma once

#include <opencv2/core.hpp>

#include "frame/plane.h"

namespace scrim {

/// A plane as OpenCV sees it, without a copy. The first is for reading only (OpenCV has no const
/// matrix), the second gives the plane's own writable pixels.
inline cv::Mat mat_of(const Plane& plane) {
    return {plane.height(), plane.width(), CV_8UC1, const_cast<std::uint8_t*>(plane.data()),
            static_cast<std::size_t>(plane.stride())};
}
inline cv::Mat mat_of(Plane& plane) {
    return {plane.height(), plane.width(), CV_8UC1, plane.writable(),
            static_cast<std::size_t>(plane.stride())};
}

}  // namespace scrim
