#include "frame/convert.h"

#include <cassert>
#include <cmath>
#include <cstring>

#include <libyuv.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "frame/color.h"
#include "frame/mat.h"
#include "util/avx2.h"

namespace scrim {
namespace {

/// libyuv names a packed format by its order in a little-endian word, and reaches R, G, B order in
/// memory by taking U and V the other way round together with these mirrored constants.
const libyuv::YuvConstants* mirrored_constants(ColorTags tags) {
    if (tags.matrix == Matrix::bt709) {
        return tags.range == Range::full ? &libyuv::kYvuF709Constants : &libyuv::kYvuH709Constants;
    }
    return tags.range == Range::full ? &libyuv::kYvuJPEGConstants : &libyuv::kYvuI601Constants;
}

/// alpha * a + beta * b + gamma per pixel, rounded and clamped.
Plane weighted_sum(const Plane& a, double alpha, const Plane& b, double beta, double gamma) {
    Plane out(a.width(), a.height());
    cv::Mat result = mat_of(out);
    cv::addWeighted(mat_of(a), alpha, mat_of(b), beta, gamma, result);
    return out;
}

Plane linear(const Plane& in, double scale, double offset) {
    Plane out(in.width(), in.height());
    cv::Mat result = mat_of(out);
    mat_of(in).convertTo(result, CV_8U, scale, offset);
    return out;
}

/// Every value times a number of 255ths, and so many 255ths more; rounded, in 16 bits.
SCRIM_AVX2_TOO void scale_255ths(std::uint8_t* pixels, int count, int factor, int more) {
    for (int x = 0; x < count; ++x) {
        // Divided by 255: exact for all that fits.
        const auto value = static_cast<std::uint16_t>(pixels[x] * factor + more + 127);
        pixels[x] =
            static_cast<std::uint8_t>(static_cast<std::uint16_t>(value + 1 + (value >> 8)) >> 8);
    }
}

void scale_255ths(Plane& plane, int factor, int more) {
    std::uint8_t* const pixels = plane.writable();
    for (int y = 0; y < plane.height(); ++y)
        scale_255ths(pixels + std::ptrdiff_t{y} * plane.stride(), plane.width(), factor, more);
}

/// What every MJPEG picture needs that goes into a virtual camera.
void limit_range(Frame& frame) {
    constexpr int middle = 128;
    scale_255ths(frame.y, 219, 16 * 255);
    scale_255ths(frame.u, 224, middle * (255 - 224));
    scale_255ths(frame.v, 224, middle * (255 - 224));
    frame.tags.range = Range::limited;
}

/// Same matrix, other range: each plane on its own.
void change_range(Frame& frame, Range to) {
    if (to == Range::limited) return limit_range(frame);
    const Levels a = levels(frame.tags.range);
    const Levels b = levels(to);
    const double luma = b.luma_scale / a.luma_scale;
    const double chroma = b.chroma_scale / a.chroma_scale;
    frame.y = linear(frame.y, luma, b.luma_offset - luma * a.luma_offset);
    frame.u = linear(frame.u, chroma, 128 - chroma * 128);
    frame.v = linear(frame.v, chroma, 128 - chroma * 128);
    frame.tags.range = to;
}

/// Another matrix: luma takes a share of the chroma planes along, chroma planes mix.
void change_tags(Frame& frame, ColorTags to) {
    // from YUV to RGB to YUV, as one matrix of the numbers without their offsets
    const YuvMatrix from_rgb = rgb_to_yuv(frame.tags);
    const YuvMatrix to_rgb = rgb_to_yuv(to);
    cv::Matx33d a;
    cv::Matx33d b;
    for (int row = 0; row < 3; ++row) {
        for (int column = 0; column < 3; ++column) {
            const auto r = static_cast<std::size_t>(row);
            const auto c = static_cast<std::size_t>(column);
            a(row, column) = from_rgb[r][c];
            b(row, column) = to_rgb[r][c];
        }
    }
    const cv::Matx33d m = b * a.inv();
    const double y_offset =
        levels(to.range).luma_offset - m(0, 0) * levels(frame.tags.range).luma_offset;
    // The share of chroma in luma is small: around 128 it fits into 8 bits.
    const Plane share =
        weighted_sum(frame.u, m(0, 1), frame.v, m(0, 2), 128 - 128 * (m(0, 1) + m(0, 2)));
    Plane full(frame.width(), frame.height());
    cv::Mat full_mat = mat_of(full);
    cv::Mat doubled;
    cv::resize(mat_of(share), doubled, {share.width() * 2, share.height() * 2}, 0, 0,
               cv::INTER_NEAREST);
    doubled(cv::Rect(0, 0, frame.width(), frame.height())).copyTo(full_mat);

    const auto mix = [&](int row) {
        return weighted_sum(frame.u, m(row, 1), frame.v, m(row, 2),
                            128 - 128 * (m(row, 1) + m(row, 2)));
    };
    Plane u = mix(1);
    Plane v = mix(2);
    frame.y = weighted_sum(frame.y, m(0, 0), full, 1, y_offset - 128);
    frame.u = std::move(u);
    frame.v = std::move(v);
    frame.tags = to;
}

}  // namespace

Frame with_tags(Frame frame, ColorTags tags) {
    if (frame.tags.matrix != tags.matrix) {
        change_tags(frame, tags);
    } else if (frame.tags.range != tags.range) {
        change_range(frame, tags.range);
    }
    return frame;
}

void to_yuyv(const Frame& frame, std::uint8_t* out, int stride) {
    libyuv::I420ToYUY2(frame.y.data(), frame.y.stride(), frame.u.data(), frame.u.stride(),
                       frame.v.data(), frame.v.stride(), out, stride, frame.width(),
                       frame.height());
}

void to_nv12(const Frame& frame, std::uint8_t* y, int y_stride, std::uint8_t* uv, int uv_stride) {
    libyuv::I420ToNV12(frame.y.data(), frame.y.stride(), frame.u.data(), frame.u.stride(),
                       frame.v.data(), frame.v.stride(), y, y_stride, uv, uv_stride, frame.width(),
                       frame.height());
}

void to_yu12(const Frame& frame, std::uint8_t* y, int y_stride, std::uint8_t* u, int u_stride,
             std::uint8_t* v, int v_stride) {
    const auto copy = [](const Plane& plane, std::uint8_t* out, int stride) {
        libyuv::CopyPlane(plane.data(), plane.stride(), out, stride, plane.width(), plane.height());
    };
    copy(frame.y, y, y_stride);
    copy(frame.u, u, u_stride);
    copy(frame.v, v, v_stride);
}

void to_rgb24(const Frame& frame, std::uint8_t* out, int stride) {
    libyuv::I420ToRGB24Matrix(frame.y.data(), frame.y.stride(), frame.v.data(), frame.v.stride(),
                              frame.u.data(), frame.u.stride(), out, stride,
                              mirrored_constants(frame.tags), frame.width(), frame.height());
}

void to_rgba(const Frame& frame, std::uint8_t* out, int stride) {
    if (frame.opaque()) {
        libyuv::I420ToARGBMatrix(frame.y.data(), frame.y.stride(), frame.v.data(), frame.v.stride(),
                                 frame.u.data(), frame.u.stride(), out, stride,
                                 mirrored_constants(frame.tags), frame.width(), frame.height());
        return;
    }
    constexpr int premultiply = 0;
    libyuv::I420AlphaToARGBMatrix(
        frame.y.data(), frame.y.stride(), frame.v.data(), frame.v.stride(), frame.u.data(),
        frame.u.stride(), frame.alpha.data(), frame.alpha.stride(), out, stride,
        mirrored_constants(frame.tags), frame.width(), frame.height(), premultiply);
}

}  // namespace scrim
