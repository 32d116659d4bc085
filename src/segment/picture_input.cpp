#include "segment/picture_input.h"

#include <algorithm>

#include <libyuv.h>

#include "util/error.h"

namespace scrim {
namespace {

// libyuv counts source pixels in 16 bits.
constexpr int max_side = 32767;

const libyuv::YuvConstants* constants_of(ColorTags tags) {
    if (tags.matrix == Matrix::bt709) {
        return tags.range == Range::full ? &libyuv::kYuvF709Constants : &libyuv::kYuvH709Constants;
    }
    return tags.range == Range::full ? &libyuv::kYuvJPEGConstants : &libyuv::kYuvI601Constants;
}

}  // namespace

PictureInput::PictureInput(int width, int height, InputRange range)
    : width_(width),
      height_(height),
      range_(range),
      bgra_(height, width, CV_8UC4),
      rgb_(height, width, CV_8UC3) {}

/// All three planes are first scaled to the network's size, so that the colour conversion has few
/// pixels and as much chroma as there is.
void PictureInput::fill(const Frame& frame, std::span<float> input) {
    if (frame.empty()) throw Error("there is no picture to segment");
    if (std::max(frame.width(), frame.height()) > max_side) {
        throw Error("a picture of {}x{} is too large to be segmented", frame.width(),
                    frame.height());
    }
    const Plane y = scaled(frame.y);
    const Plane u = scaled(frame.u);
    const Plane v = scaled(frame.v);
    const int bgra_stride = static_cast<int>(bgra_.step);
    const int rgb_stride = static_cast<int>(rgb_.step);
    libyuv::I444ToARGBMatrix(y.data(), y.stride(), u.data(), u.stride(), v.data(), v.stride(),
                             bgra_.data, bgra_stride, constants_of(frame.tags), width_, height_);
    const auto to_rgb = range_.bgr ? libyuv::ARGBToRGB24 : libyuv::ARGBToRAW;
    to_rgb(bgra_.data, bgra_stride, rgb_.data, rgb_stride, width_, height_);
    const auto& [red, green, blue] = range_.offset;
    cv::Mat target(height_, width_, CV_32FC3, input.data());
    if (red == green && green == blue) {
        rgb_.convertTo(target, CV_32F, range_.scale, red);
        return;
    }
    rgb_.convertTo(target, CV_32F, range_.scale);
    const cv::Scalar offset =
        range_.bgr ? cv::Scalar(blue, green, red) : cv::Scalar(red, green, blue);
    cv::add(target, offset, target);
}

Plane PictureInput::scaled(const Plane& plane) const {
    Plane result(width_, height_);
    libyuv::ScalePlane(plane.data(), plane.stride(), plane.width(), plane.height(),
                       result.overwritable(), result.stride(), width_, height_, libyuv::kFilterBox);
    return result;
}

}  // namespace scrim
