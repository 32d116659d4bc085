#include "frame/captured.h"

#include <utility>

namespace scrim {

std::string_view name_of(PixelFormat format) {
    switch (format) {
        case PixelFormat::yu12:
            return "yu12";
        case PixelFormat::nv12:
            return "nv12";
        case PixelFormat::yuyv:
            return "yuyv";
        case PixelFormat::rgb24:
            return "rgb24";
        case PixelFormat::gray:
            return "gray";
        case PixelFormat::mjpeg:
            return "mjpeg";
        case PixelFormat::h264:
            return "h264";
    }
    return "unknown";
}

std::size_t packed_size(PixelFormat format, int width, int height) {
    const auto w = static_cast<std::size_t>(width);
    const auto h = static_cast<std::size_t>(height);
    const auto cw = static_cast<std::size_t>(chroma_size(width));
    const auto ch = static_cast<std::size_t>(chroma_size(height));
    switch (format) {
        case PixelFormat::yu12:
        case PixelFormat::nv12:
            return w * h + 2 * cw * ch;
        case PixelFormat::yuyv:
            return 4 * cw * h;
        case PixelFormat::rgb24:
            return 3 * w * h;
        case PixelFormat::gray:
            return w * h;
        case PixelFormat::mjpeg:
        case PixelFormat::h264:
            break;
    }
    return 0;
}

Captured captured_of(Frame frame) {
    const auto owner = std::make_shared<const Frame>(std::move(frame));
    Captured captured;
    captured.format = PixelFormat::yu12;
    captured.width = owner->width();
    captured.height = owner->height();
    captured.data = {owner->y.data(), owner->u.data(), owner->v.data()};
    captured.stride = {owner->y.stride(), owner->u.stride(), owner->v.stride()};
    captured.tags = owner->tags;
    captured.sequence = owner->sequence;
    captured.captured = owner->captured;
    captured.owner = owner;
    return captured;
}

}  // namespace scrim
