#pragma once

#include <array>
#include <cstddef>

#include <linux/videodev2.h>

#include "frame/captured.h"

namespace scrim::v4l2 {

/// Where the planes of a raw picture lie in a driver's buffer.
struct Layout {
    std::array<std::size_t, 3> offset{};
    std::array<int, 3> stride{};
    std::size_t size = 0;  // bytes from the first to the last pixel; 0 for mjpeg and h264
};

/// By the driver's own line length (bytesperline), which may be longer than the picture is wide.
Layout layout_of(PixelFormat format, const v4l2_pix_format& pix);

}  // namespace scrim::v4l2
