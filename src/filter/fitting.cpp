#include "filter/fitting.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <libyuv.h>
#include <opencv2/imgproc.hpp>

#include "frame/convert.h"
#include "frame/mat.h"

namespace scrim {
namespace {

cv::Mat scaled(const cv::Mat& picture, cv::Size size, Interpolation interpolation) {
    if (picture.size() == size) return picture;
    cv::Mat out;
    if (interpolation == Interpolation::nearest) {
        cv::resize(picture, out, size, 0, 0, cv::INTER_NEAREST);
        return out;
    }
    const cv::Size between(picture.cols > 2 * size.width ? size.width : picture.cols,
                           picture.rows > 2 * size.height ? size.height : picture.rows);
    cv::Mat smaller = picture;
    if (between != picture.size()) cv::resize(picture, smaller, between, 0, 0, cv::INTER_AREA);
    cv::resize(smaller, out, size, 0, 0, cv::INTER_LINEAR);
    return out;
}

/// The colour of invisible pixels must not come to light at the edges: colours go through scaling
/// multiplied with their alpha (in 16 bits, so that nothing is lost).
cv::Mat scaled_with_alpha(const cv::Mat& picture, cv::Size size) {
    cv::Mat weighted(picture.size(), CV_16UC4);
    for (int y = 0; y < picture.rows; ++y) {
        const auto* in = picture.ptr<cv::Vec4b>(y);
        auto* out = weighted.ptr<cv::Vec4w>(y);
        for (int x = 0; x < picture.cols; ++x) {
            const int alpha = in[x][3];
            for (int i = 0; i < 3; ++i)
                out[x][i] = static_cast<std::uint16_t>(in[x][i] * alpha);
            out[x][3] = static_cast<std::uint16_t>(255 * alpha);
        }
    }
    weighted = scaled(weighted, size, Interpolation::linear);
    cv::Mat result(size, CV_8UC4);
    for (int y = 0; y < size.height; ++y) {
        const auto* in = weighted.ptr<cv::Vec4w>(y);
        auto* out = result.ptr<cv::Vec4b>(y);
        for (int x = 0; x < size.width; ++x) {
            const int alpha = in[x][3];
            for (int i = 0; i < 3; ++i) {
                const int color = alpha == 0 ? 0 : (in[x][i] * 255 + alpha / 2) / alpha;
                out[x][i] = static_cast<std::uint8_t>(std::min(color, 255));
            }
            out[x][3] = static_cast<std::uint8_t>((alpha + 127) / 255);
        }
    }
    return result;
}

bool has_alpha(const cv::Mat& rgba) {
    for (int y = 0; y < rgba.rows; ++y) {
        const auto* const row = rgba.ptr<cv::Vec4b>(y);
        if (std::any_of(row, row + rgba.cols, [](const cv::Vec4b& p) { return p[3] != 255; })) {
            return true;
        }
    }
    return false;
}

cv::Mat scaled_rgba(const cv::Mat& rgba, cv::Size size, Interpolation interpolation) {
    const bool mixes = interpolation != Interpolation::nearest && rgba.size() != size;
    return mixes && has_alpha(rgba) ? scaled_with_alpha(rgba, size)
                                    : scaled(rgba, size, interpolation);
}

/// R, G, B, A as OpenCV sees it; for reading only.
cv::Mat mat_of(const Picture& picture) {
    return {picture.height, picture.width, CV_8UC4, const_cast<std::uint8_t*>(picture.rgba.data())};
}

cv::Rect whole(cv::Size size) {
    return {{0, 0}, size};
}

/// In the middle of `size`, `shape` times `scale` large, but not larger and not nothing.
cv::Rect centred(cv::Size size, cv::Size shape, double scale) {
    const auto side = [scale](int length, int most) {
        return std::clamp(static_cast<int>(std::lround(length * scale)), 1, most);
    };
    const int width = side(shape.width, size.width);
    const int height = side(shape.height, size.height);
    return {(size.width - width) / 2, (size.height - height) / 2, width, height};
}

/// Which part of the picture goes to which part of the frame.
struct Parts {
    cv::Rect from;
    cv::Rect to;
};
Parts parts_of(cv::Size in, cv::Size out, Fit fit) {
    const double across = static_cast<double>(out.width) / in.width;
    const double down = static_cast<double>(out.height) / in.height;
    switch (fit) {
        case Fit::cover:
            return {centred(in, out, 1 / std::max(across, down)), whole(out)};
        case Fit::contain:
            return {whole(in), centred(out, in, std::min(across, down))};
        case Fit::stretch:
            break;
    }
    return {whole(in), whole(out)};
}

Frame fitted_picture(const Picture& picture, Fit fit, Interpolation interpolation,
                     const StreamContext& stream) {
    const cv::Mat pixels = mat_of(picture);
    const cv::Size size(stream.width, stream.height);
    const Parts parts = parts_of(pixels.size(), size, fit);
    cv::Mat shown = scaled_rgba(pixels(parts.from), parts.to.size(), interpolation);
    if (parts.to.size() != size) {
        cv::Mat frame(size, CV_8UC4, cv::Scalar::all(0));
        shown.copyTo(frame(parts.to));
        shown = frame;
    }
    return from_rgba(shown.data, static_cast<int>(shown.step[0]), size.width, size.height,
                     stream.tags);
}

/// Beginning at a pixel with chroma of its own.
cv::Rect even_origin(cv::Rect r) {
    r.x -= r.x % 2;
    r.y -= r.y % 2;
    return r;
}

cv::Rect chroma_part(const cv::Rect& r) {
    return {r.x / 2, r.y / 2, chroma_size(r.width), chroma_size(r.height)};
}

/// By libyuv, which is three times as fast as OpenCV here; what is tiny is left to OpenCV.
Plane part_of(const Plane& in, const cv::Rect& from, cv::Size size, Interpolation interpolation) {
    constexpr int tiny = 16;
    Plane out(size.width, size.height);
    const bool small = std::min({from.width, from.height, size.width, size.height}) < tiny;
    if (small || interpolation == Interpolation::nearest) {
        cv::Mat result = mat_of(out);
        scaled(mat_of(in)(from), size, interpolation).copyTo(result);
        return out;
    }
    const bool much_smaller = from.width > 2 * size.width || from.height > 2 * size.height;
    libyuv::ScalePlane(in.row(from.y) + from.x, in.stride(), from.width, from.height,
                       out.overwritable(), out.stride(), size.width, size.height,
                       much_smaller ? libyuv::kFilterBox : libyuv::kFilterBilinear);
    return out;
}

Frame fitted_planes(const Frame& in, Fit fit, Interpolation interpolation,
                    const StreamContext& stream) {
    const cv::Size size(stream.width, stream.height);
    Parts parts = parts_of({in.width(), in.height()}, size, fit);
    parts = {even_origin(parts.from), even_origin(parts.to)};
    Frame shown = in;
    shown.alpha = Plane();
    if (parts.from.size() != parts.to.size() || parts.to.size() != size) {
        const cv::Rect chroma = chroma_part(parts.from);
        const cv::Size chroma_target = chroma_part(parts.to).size();
        shown.y = part_of(in.y, parts.from, parts.to.size(), interpolation);
        shown.u = part_of(in.u, chroma, chroma_target, interpolation);
        shown.v = part_of(in.v, chroma, chroma_target, interpolation);
    }
    shown = with_tags(shown, stream.tags);
    if (parts.to.size() == size) return shown;

    Frame frame =
        solid_frame(size.width, size.height, stream.tags, yuv_of_rgb(0, 0, 0, stream.tags), 0);
    const auto place = [](const Plane& picture, Plane& plane, const cv::Rect& where) {
        mat_of(picture).copyTo(mat_of(plane)(where));
    };
    place(shown.y, frame.y, parts.to);
    place(shown.u, frame.u, chroma_part(parts.to));
    place(shown.v, frame.v, chroma_part(parts.to));
    mat_of(frame.alpha)(parts.to).setTo(255);
    return frame;
}

}  // namespace

void bind_interpolation(Schema& schema, Interpolation& interpolation) {
    schema.choice("interpolation_method", interpolation,
                  {{"LINEAR", Interpolation::linear}, {"NEAREST", Interpolation::nearest}},
                  "how it is scaled; NEAREST keeps hard pixels");
}

void bind_fit(Schema& schema, Fit& fit) {
    schema.choice("fit", fit,
                  {{"cover", Fit::cover}, {"contain", Fit::contain}, {"stretch", Fit::stretch}},
                  "cover: fills the frame, edges are cut off; contain: all of it, the rest is "
                  "transparent; stretch: pulled to the frame's shape");
}

cv::Mat resized(const Picture& picture, cv::Size size, Interpolation interpolation) {
    return scaled_rgba(mat_of(picture), size, interpolation);
}

Frame fitted(const Pixels& pixels, Fit fit, Interpolation interpolation,
             const StreamContext& stream) {
    if (const auto* const frame = std::get_if<Frame>(&pixels)) {
        return fitted_planes(*frame, fit, interpolation, stream);
    }
    return fitted_picture(std::get<Picture>(pixels), fit, interpolation, stream);
}

}  // namespace scrim
