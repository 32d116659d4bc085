#include "v4l2/layout.h"

#include <algorithm>

namespace scrim::v4l2 {
namespace {

int bytes_of_row(PixelFormat format, int width) {
    switch (format) {
        case PixelFormat::yuyv:
            return 4 * chroma_size(width);
        case PixelFormat::rgb24:
            return 3 * width;
        case PixelFormat::yu12:
        case PixelFormat::nv12:
        case PixelFormat::gray:
        case PixelFormat::mjpeg:
        case PixelFormat::h264:
            break;
    }
    return width;
}

/// Bytes from the first to the last pixel of a plane: the padding of the last row is not counted.
std::size_t plane_size(int stride, int rows, int row_bytes) {
    return static_cast<std::size_t>(stride) * static_cast<std::size_t>(rows - 1) +
           static_cast<std::size_t>(row_bytes);
}

}  // namespace

Layout layout_of(PixelFormat format, const v4l2_pix_format& pix) {
    Layout layout;
    if (format == PixelFormat::mjpeg || format == PixelFormat::h264) return layout;
    const int width = static_cast<int>(pix.width);
    const int height = static_cast<int>(pix.height);
    const int row = bytes_of_row(format, width);
    const int stride = std::max(row, static_cast<int>(pix.bytesperline));
    const auto luma = static_cast<std::size_t>(stride) * static_cast<std::size_t>(height);
    layout.stride[0] = stride;
    layout.size = plane_size(stride, height, row);
    if (format == PixelFormat::nv12) {
        layout.offset[1] = luma;
        layout.stride[1] = stride;
        layout.size = luma + plane_size(stride, chroma_size(height), 2 * chroma_size(width));
    }
    if (format == PixelFormat::yu12) {
        const int half = chroma_size(stride);
        const auto chroma =
            static_cast<std::size_t>(half) * static_cast<std::size_t>(chroma_size(height));
        layout.offset[1] = luma;
        layout.offset[2] = luma + chroma;
        layout.stride[1] = layout.stride[2] = half;
        layout.size = luma + chroma + plane_size(half, chroma_size(height), chroma_size(width));
    }
    return layout;
}

}  // namespace scrim::v4l2
