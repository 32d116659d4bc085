#include "frame/av_convert.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "frame/halve.h"

extern "C" {
#include <libavutil/imgutils.h>
}

#include <libyuv.h>

#include "frame/convert.h"
#include "util/error.h"

namespace scrim {
namespace {

constexpr int scaler_quality =
    SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;

/// The components of an RGB or grey picture one by one, whatever their order and depth.
class ComponentReader {
  public:
    explicit ComponentReader(const AVFrame& frame)
        : frame_(frame),
          description_(*av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format))),
          line_(static_cast<std::size_t>(frame.width)) {
        for (std::size_t i = 0; i < planes_.size(); ++i)
            planes_[i] = frame.data[i];
    }

    bool palette() const { return (description_.flags & AV_PIX_FMT_FLAG_PAL) != 0; }
    int count() const { return palette() ? 4 : description_.nb_components; }

    /// One row of component `component` into every fourth byte from `out` on.
    void read(int row, int component, std::uint8_t* out) {
        fetch(row, palette() ? 0 : component);
        const int depth = description_.comp[component].depth;
        const auto most = (1U << static_cast<unsigned>(depth)) - 1;
        const bool inverted = frame_.format == AV_PIX_FMT_MONOWHITE;
        for (const std::uint16_t sample : line_) {
            if (palette()) {
                *out = palette_byte(sample, component);
            } else {
                const auto value = (sample * 255U + most / 2) / most;
                *out = static_cast<std::uint8_t>(inverted ? 255U - value : value);
            }
            out += 4;
        }
    }

  private:
    void fetch(int row, int component) {
        av_read_image_line2(line_.data(), planes_.data(), frame_.linesize, &description_, 0, row,
                            component, frame_.width, 0, sizeof line_[0]);
    }
    /// A palette has 256 entries of A, R, G, B from the highest byte of a number on.
    std::uint8_t palette_byte(unsigned entry, int component) const {
        constexpr std::array<unsigned, 4> shifts{16, 8, 0, 24};
        std::uint32_t color = 0;
        std::memcpy(&color, frame_.data[1] + 4 * static_cast<std::size_t>(entry), sizeof color);
        return static_cast<std::uint8_t>(color >> shifts[static_cast<std::size_t>(component)]);
    }

    const AVFrame& frame_;
    const AVPixFmtDescriptor& description_;
    std::array<const std::uint8_t*, 4> planes_{};
    std::vector<std::uint16_t> line_;
};

bool is_float(AVPixelFormat format) {
    return (av_pix_fmt_desc_get(format)->flags & AV_PIX_FMT_FLAG_FLOAT) != 0;
}

const int* coefficients(Matrix matrix) {
    return sws_getCoefficients(matrix == Matrix::bt709 ? SWS_CS_ITU709 : SWS_CS_ITU601);
}

AvScaler make_scaler(AvScaler old, const AVFrame& from, ColorTags from_tags, int width, int height,
                     AVPixelFormat format, ColorTags tags) {
    // swscale still knows the full-range formats by names of their own, and warns of them.
    auto from_format = static_cast<AVPixelFormat>(from.format);
    if (from_format == AV_PIX_FMT_YUVJ420P) from_format = AV_PIX_FMT_YUV420P;
    if (from_format == AV_PIX_FMT_YUVJ422P) from_format = AV_PIX_FMT_YUV422P;
    if (from_format == AV_PIX_FMT_YUVJ444P) from_format = AV_PIX_FMT_YUV444P;
    if (from_format == AV_PIX_FMT_YUVJ440P) from_format = AV_PIX_FMT_YUV440P;
    if (from_format == AV_PIX_FMT_YUVJ411P) from_format = AV_PIX_FMT_YUV411P;
    AvScaler scaler(sws_getCachedContext(old.release(), from.width, from.height, from_format, width,
                                         height, format, scaler_quality, nullptr, nullptr,
                                         nullptr));
    if (!scaler) {
        throw Error("cannot convert pictures in the pixel format {}",
                    av_get_pix_fmt_name(from_format));
    }
    constexpr int one = 1 << 16;
    sws_setColorspaceDetails(scaler.get(), coefficients(from_tags.matrix),
                             from_tags.range == Range::full ? 1 : 0, coefficients(tags.matrix),
                             tags.range == Range::full ? 1 : 0, 0, one, one);
    return scaler;
}

/// The most usual formats at once. libyuv names bytes from the last to the first: what it calls
/// ARGB and RGB24 has B in front, and a conversion that keeps the order suits R in front as well.
bool read_packed(const AVFrame& frame, Picture& picture) {
    const auto convert = [&](auto&& conversion) {
        conversion(frame.data[0], frame.linesize[0], picture.rgba.data(), 4 * frame.width,
                   frame.width, frame.height);
        return true;
    };
    switch (frame.format) {
        case AV_PIX_FMT_RGBA:
            return convert(libyuv::ARGBCopy);
        case AV_PIX_FMT_BGRA:
            return convert(libyuv::ARGBToABGR);
        case AV_PIX_FMT_RGB24:
            return convert(libyuv::RGB24ToARGB);
        default:
            return false;
    }
}

/// RGB and grey to 8-bit R, G, B, A.
void read_exactly(const AVFrame& frame, Picture& picture) {
    if (read_packed(frame, picture)) return;
    ComponentReader reader(frame);
    const int count = reader.count();
    const bool gray = count <= 2;
    const bool alpha = count % 2 == 0;
    for (int row = 0; row < frame.height; ++row) {
        std::uint8_t* const out = picture.rgba.data() + static_cast<std::size_t>(row) * 4 *
                                                            static_cast<std::size_t>(frame.width);
        for (int i = 0; i < 3; ++i)
            reader.read(row, gray ? 0 : i, out + i);
        if (alpha) {
            reader.read(row, count - 1, out + 3);
            continue;
        }
        for (int x = 0; x < frame.width; ++x)
            out[x * 4 + 3] = 255;
    }
}

/// 8-bit planar YUV whose chroma FrameConverter halves itself: how often it is halved already.
struct Subsampling {
    int horizontal;
    int vertical;
};
const Subsampling* simple_subsampling(AVPixelFormat format) {
    static constexpr Subsampling s420{1, 1};
    static constexpr Subsampling s422{1, 0};
    static constexpr Subsampling s444{0, 0};
    switch (format) {
        case AV_PIX_FMT_YUV420P:
        case AV_PIX_FMT_YUVJ420P:
        case AV_PIX_FMT_YUVA420P:
            return &s420;
        case AV_PIX_FMT_YUV422P:
        case AV_PIX_FMT_YUVJ422P:
        case AV_PIX_FMT_YUVA422P:
            return &s422;
        case AV_PIX_FMT_YUV444P:
        case AV_PIX_FMT_YUVJ444P:
        case AV_PIX_FMT_YUVA444P:
            return &s444;
        default:
            return nullptr;
    }
}

Frame from_planar(AvFrame picture, Subsampling subsampling, ColorTags tags) {
    const int width = picture->width;
    const int height = picture->height;
    const std::shared_ptr<const AVFrame> shared = std::move(picture);
    const auto whole = [&](std::size_t i, int plane_width, int plane_height) {
        return Plane::borrowed(shared->data[i], plane_width, plane_height, shared->linesize[i],
                               shared);
    };
    const auto chroma = [&](std::size_t i) {
        const int chroma_width = subsampling.horizontal != 0 ? chroma_size(width) : width;
        if (subsampling.vertical != 0) return whole(i, chroma_width, chroma_size(height));
        const auto half = subsampling.horizontal == 0 ? halved : half_as_high;
        return half(shared->data[i], shared->linesize[i], chroma_width, height);
    };
    Frame frame;
    frame.y = whole(0, width, height);
    frame.u = chroma(1);
    frame.v = chroma(2);
    frame.tags = tags;
    return frame;
}

}  // namespace

Picture rgba_of(const AVFrame& frame) {
    const auto format = static_cast<AVPixelFormat>(frame.format);
    Picture picture;
    picture.width = frame.width;
    picture.height = frame.height;
    picture.rgba.resize(static_cast<std::size_t>(frame.width) *
                        static_cast<std::size_t>(frame.height) * 4);
    if ((is_rgb(format) || is_gray(format)) && !is_float(format)) {
        read_exactly(frame, picture);
        return picture;
    }
    const ColorTags tags = color_tags_of(frame);
    const AvScaler scaler = make_scaler(nullptr, frame, tags, frame.width, frame.height,
                                        AV_PIX_FMT_RGBA, {tags.matrix, Range::full});
    // swscale's vector code may write past the width of a row: give it rows of its own.
    AvFrame out = make_av_frame();
    out->format = AV_PIX_FMT_RGBA;
    out->width = frame.width;
    out->height = frame.height;
    if (av_frame_get_buffer(out.get(), 0) < 0) throw std::bad_alloc();
    sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, out->data, out->linesize);
    av_image_copy_plane(picture.rgba.data(), frame.width * 4, out->data[0], out->linesize[0],
                        frame.width * 4, frame.height);
    return picture;
}

Frame FrameConverter::convert(AvFrame picture, int width, int height, ColorTags tags) {
    const auto format = static_cast<AVPixelFormat>(picture->format);
    const bool same_size = picture->width == width && picture->height == height;
    const bool same_tags = color_tags_of(*picture) == tags;
    const bool upright = std::all_of(std::begin(picture->linesize), std::end(picture->linesize),
                                     [](int stride) { return stride >= 0; });
    if (!same_size || !same_tags || !upright) return scaled(*picture, width, height, tags);
    if (const Subsampling* const s = simple_subsampling(format)) {
        return from_planar(std::move(picture), *s, tags);
    }
    if (format == AV_PIX_FMT_GRAY8) {
        const std::shared_ptr<const AVFrame> shared = std::move(picture);
        Frame frame;
        frame.y = Plane::borrowed(shared->data[0], width, height, shared->linesize[0], shared);
        frame.u = Plane::filled(chroma_size(width), chroma_size(height), 128);
        frame.v = frame.u;
        frame.tags = tags;
        return frame;
    }
    if (is_rgb(format) && !is_float(format)) {
        Picture rgba = rgba_of(*picture);
        for (std::size_t i = 3; i < rgba.rgba.size(); i += 4)
            rgba.rgba[i] = 255;
        return from_rgba(rgba.rgba.data(), width * 4, width, height, tags);
    }
    return scaled(*picture, width, height, tags);
}

Frame FrameConverter::scaled(const AVFrame& picture, int width, int height, ColorTags tags) {
    scaler_ = make_scaler(std::move(scaler_), picture, color_tags_of(picture), width, height,
                          AV_PIX_FMT_YUV420P, tags);
    Frame frame(width, height, tags);
    const std::array<std::uint8_t*, 4> planes{frame.y.overwritable(), frame.u.overwritable(),
                                              frame.v.overwritable(), nullptr};
    const std::array<int, 4> strides{frame.y.stride(), frame.u.stride(), frame.v.stride(), 0};
    sws_scale(scaler_.get(), picture.data, picture.linesize, 0, picture.height, planes.data(),
              strides.data());
    return frame;
}

}  // namespace scrim
