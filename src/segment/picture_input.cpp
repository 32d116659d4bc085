#include "segment/picture_input.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <libyuv.h>

#include "frame/row_sums.h"
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

/// Means of the boxes that become one pixel each. Libyuv does the same, slower, rounding down and
/// asking for memory each time; it is left what has larger boxes.
///
/// Columns are summed first, then neighbours: for every place at once, of which only one in each
/// box is used. That is still quicker than to add them one by one.
class Shrinker {
  public:
    Shrinker(const Plane& in, Plane& out)
        : in_(in), out_(out), width_(in.width() / out.width()), scratch_(2 * in.width(), 2) {}

    /// Whether the sums fit into 16 bits.
    static bool can(const Plane& in, const Plane& out) {
        if (in.width() < out.width() || in.height() < out.height()) return false;
        constexpr int most_pixels = 257;
        return (in.width() / out.width() + 1) * (in.height() / out.height() + 1) <= most_pixels;
    }

    void run() {
        std::uint8_t* row = out_.overwritable();
        for (int y = 0; y < out_.height(); ++y, row += out_.stride())
            write_row(begin(y), begin(y + 1), row);
    }

  private:
    int begin(int y) const {
        return static_cast<int>(std::int64_t{y} * in_.height() / out_.height());
    }
    std::uint16_t* sums(int number) {
        return reinterpret_cast<std::uint16_t*>(scratch_.writable_row(number));
    }

    void write_row(int top, int bottom, std::uint8_t* out) {
        std::uint16_t* const columns = sums(0);
        std::uint16_t* const boxes = sums(1);
        std::fill_n(columns, in_.width(), std::uint16_t{0});
        for (int y = top; y < bottom; ++y)
            add_row(columns, in_.row(y), in_.width());
        std::copy_n(columns, in_.width(), boxes);
        for (int i = 1; i < width_; ++i)
            add_sums(boxes, columns + i, in_.width() - i);
        divide(columns, boxes, bottom - top, out);
    }

    /// A box is as wide as the one before, or a pixel wider.
    void divide(const std::uint16_t* columns, const std::uint16_t* boxes, int rows,
                std::uint8_t* out) const {
        constexpr int bits = 24;
        constexpr std::uint32_t half = 1U << (bits - 1);
        const auto inverse = [rows](int columns_of_box) {
            return (1U << bits) / static_cast<unsigned>(columns_of_box * rows);
        };
        const std::array<std::uint32_t, 2> inverses{inverse(width_), inverse(width_ + 1)};
        const int more = in_.width() % out_.width();
        int rest = 0;
        int at = 0;
        for (int x = 0; x < out_.width(); ++x) {
            rest += more;
            const bool wider = rest >= out_.width();
            if (wider) rest -= out_.width();
            const std::uint32_t sum = boxes[at] + (wider ? columns[at + width_] : 0U);
            out[x] = static_cast<std::uint8_t>((sum * inverses[wider ? 1 : 0] + half) >> bits);
            at += width_ + (wider ? 1 : 0);
        }
    }

    const Plane& in_;
    Plane& out_;
    int width_;  // of the narrower boxes
    Plane scratch_;
};

}  // namespace

PictureInput::PictureInput(int width, int height, InputRange range)
    : width_(width),
      height_(height),
      range_(range),
      bgra_(height, width, CV_8UC4),
      rgb_(height, width, CV_8UC3),
      enlarge_(width, height) {}

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

Plane PictureInput::scaled(const Plane& plane) {
    // Mostly the chroma of a small picture.
    if (plane.width() <= width_ && plane.height() <= height_) return enlarge_(plane);
    Plane result(width_, height_);
    if (Shrinker::can(plane, result)) {
        Shrinker(plane, result).run();
        return result;
    }
    libyuv::ScalePlane(plane.data(), plane.stride(), plane.width(), plane.height(),
                       result.overwritable(), result.stride(), width_, height_, libyuv::kFilterBox);
    return result;
}

}  // namespace scrim
