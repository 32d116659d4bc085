#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include <libyuv.h>
#include <turbojpeg.h>

#include "frame/convert.h"
#include "frame/halve.h"

namespace scrim {
namespace {

void copy_plane(const Plane& in, Plane& out) {
    libyuv::CopyPlane(in.data(), in.stride(), out.overwritable(), out.stride(), out.width(),
                      out.height());
}

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

/// Some cameras leave a few stray bytes between the data and the next marker; libjpeg-turbo says so
/// in a warning, and the picture is whole. Every other warning means a damaged picture.
bool harmless(std::string_view warning) {
    constexpr std::string_view prefix = "Corrupt JPEG data: ";
    constexpr int stray_bytes = 16;
    if (!warning.starts_with(prefix)) return false;
    return warning.find(" extraneous bytes before marker") != std::string_view::npos &&
           std::atoi(warning.data() + prefix.size()) <= stray_bytes;
}

}  // namespace

/// libjpeg-turbo's decoder, and planes for the chroma of pictures that are not 4:2:0.
struct Decoder::Jpeg {
    tjhandle handle = tjInitDecompress();

    Jpeg() {
        if (handle == nullptr) throw Error("cannot start the JPEG decoder: {}", tjGetErrorStr());
    }
    ~Jpeg() { tjDestroy(handle); }
    Jpeg(const Jpeg&) = delete;
    Jpeg& operator=(const Jpeg&) = delete;

    Frame decode(const Captured& captured, int shrink);

  private:
    void check(int result);
    static Frame cropped(std::array<Plane, 3> planes, int width, int height);
};

void Decoder::Jpeg::check(int result) {
    if (result == 0) return;
    const char* const message = tjGetErrorStr2(handle);
    if (tjGetErrorCode(handle) == TJERR_WARNING && harmless(message)) return;
    throw DecodeError("broken JPEG picture: {}", message);
}

/// The planes that the decoder filled are padded to whole blocks and have the JPEG's own chroma
/// size; this gives the 4:2:0 frame.
Frame Decoder::Jpeg::cropped(std::array<Plane, 3> planes, int width, int height) {
    Frame frame(width, height, {Matrix::bt601, Range::full});
    if (planes[0].width() == width && planes[0].height() == height) {
        frame.y = std::move(planes[0]);
    } else {
        copy_plane(planes[0], frame.y);
    }
    if (planes[1].empty()) {
        frame.u = Plane::filled(frame.u.width(), frame.u.height(), 128);
        frame.v = frame.u;
        return frame;
    }
    const auto scale = [](const Plane& in, Plane& out) {
        // 4:2:2, as most cameras compress.
        if (in.width() == out.width() && in.height() == 2 * out.height()) {
            out = half_as_high(in.data(), in.stride(), in.width(), in.height());
            return;
        }
        libyuv::ScalePlane(in.data(), in.stride(), in.width(), in.height(), out.overwritable(),
                           out.stride(), out.width(), out.height(), libyuv::kFilterBox);
    };
    scale(planes[1], frame.u);
    scale(planes[2], frame.v);
    return frame;
}

Frame Decoder::Jpeg::decode(const Captured& c, int shrink) {
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colorspace = 0;
    check(
        tjDecompressHeader3(handle, c.data[0], c.size, &width, &height, &subsampling, &colorspace));
    if (width != c.width || height != c.height) {
        throw DecodeError("a JPEG picture of {}x{} in a stream of {}x{}", width, height, c.width,
                          c.height);
    }
    if (subsampling < 0 || (colorspace != TJCS_YCbCr && colorspace != TJCS_GRAY)) {
        throw DecodeError("a JPEG picture with colours other than YCbCr or grey");
    }
    if (shrink > 1 && !can_shrink(c)) {
        throw DecodeError("a JPEG picture of {}x{} is too small for 1/{}", width, height, shrink);
    }
    width = TJSCALED(width, (tjscalingfactor{1, shrink}));
    height = TJSCALED(height, (tjscalingfactor{1, shrink}));
    const int count = subsampling == TJSAMP_GRAY ? 1 : 3;
    std::array<Plane, 3> planes;
    std::array<std::uint8_t*, 3> pixels{};
    std::array<int, 3> strides{};
    for (int i = 0; i < count; ++i) {
        const auto n = static_cast<std::size_t>(i);
        planes[n] =
            Plane(tjPlaneWidth(i, width, subsampling), tjPlaneHeight(i, height, subsampling));
        pixels[n] = planes[n].overwritable();
        strides[n] = planes[n].stride();
    }
    check(tjDecompressToYUVPlanes(handle, c.data[0], c.size, pixels.data(), width, strides.data(),
                                  height, 0));
    const bool fits =
        subsampling == TJSAMP_420 && planes[0].width() == width && planes[0].height() == height;
    if (!fits) return cropped(std::move(planes), width, height);
    Frame frame;
    frame.y = std::move(planes[0]);
    frame.u = std::move(planes[1]);
    frame.v = std::move(planes[2]);
    frame.tags = {Matrix::bt601, Range::full};
    return frame;
}

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
            return decode_jpeg(c, 1);
        case PixelFormat::h264:
            throw DecodeError("H.264 is decoded by its source, not picture by picture");
    }
    frame.sequence = c.sequence;
    frame.captured = c.captured;
    return frame;
}

bool Decoder::can_shrink(const Captured& captured) {
    constexpr int narrowest = 16;
    return captured.format == PixelFormat::mjpeg && captured.width >= narrowest;
}

Frame Decoder::decode_jpeg(const Captured& c, int shrink) {
    if (!jpeg_) jpeg_ = std::make_unique<Jpeg>();
    try {
        Frame frame = jpeg_->decode(c, shrink);
        frame.sequence = c.sequence;
        frame.captured = c.captured;
        return frame;
    } catch (const DecodeError&) {
        jpeg_.reset();  // a failed header leaves libjpeg-turbo 2.1 in the middle of it
        throw;
    }
}

}  // namespace scrim
