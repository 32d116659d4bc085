#include <libyuv.h>

#include "frame/convert.h"
#include "frame/jpeg.h"

namespace scrim {
namespace {

/// Wraps the source's own planes; the frame keeps the source's memory.
Frame wrap_yu12(const Captured& c) {
    const int cw = chroma_size(c.width);
    const int ch = chroma_size(c.height);
    Frame frame;
    frame.y = Plane::borrowed(c.data[0], c.width, c.height, c.stride[0], c.owner);
    frame.u = Plane::borrowed(c.data[1], cw, ch, c.stride[1], c.owner);
    frame.v = Plane::borrowed(c.data[2], cw, ch, c.stride[2], c.owner);
    frame.tags = c.tags;
    return frame;
}

Frame from_packed(const Captured& c) {
    Frame frame(c.width, c.height, c.tags);
    std::uint8_t* const y = frame.y.overwritable();
    std::uint8_t* const u = frame.u.overwritable();
    std::uint8_t* const v = frame.v.overwritable();
    if (c.format == PixelFormat::yuyv) {
        libyuv::YUY2ToI420(c.data[0], c.stride[0], y, frame.y.stride(), u, frame.u.stride(), v,
                           frame.v.stride(), c.width, c.height);
    } else if (c.format == PixelFormat::nv12) {
        libyuv::NV12ToI420(c.data[0], c.stride[0], c.data[1], c.stride[1], y, frame.y.stride(), u,
                           frame.u.stride(), v, frame.v.stride(), c.width, c.height);
    } else {
        libyuv::CopyPlane(c.data[0], c.stride[0], y, frame.y.stride(), c.width, c.height);
        libyuv::SetPlane(u, frame.u.stride(), frame.u.width(), frame.u.height(), 128);
        libyuv::SetPlane(v, frame.v.stride(), frame.v.width(), frame.v.height(), 128);
    }
    return frame;
}

}  // namespace

Decoder::Decoder() = default;
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

Frame Decoder::decode(const Captured& c) {
    Frame frame;
    switch (c.format) {
        case PixelFormat::yu12:
            frame = wrap_yu12(c);
            break;
        case PixelFormat::nv12:
        case PixelFormat::yuyv:
        case PixelFormat::gray:
            frame = from_packed(c);
            break;
        case PixelFormat::rgb24:
            frame = from_rgb24(c.data[0], c.stride[0], c.width, c.height, c.tags);
            break;
        case PixelFormat::mjpeg:
            return jpeg().decode(c);
        case PixelFormat::h264:
            throw DecodeError("H.264 is decoded by its source, not picture by picture");
    }
    frame.sequence = c.sequence;
    frame.captured = c.captured;
    return frame;
}

JpegDecoder& Decoder::jpeg() {
    if (!jpeg_) jpeg_ = std::make_unique<JpegDecoder>();
    return *jpeg_;
}

Frame Decoder::thumbnail(const Captured& captured, int shrink) {
    return jpeg().thumbnail(captured, shrink);
}

Frame Decoder::rest() {
    return jpeg().rest();
}

}  // namespace scrim
