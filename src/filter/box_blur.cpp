#include "filter/box_blur.h"

#include <array>

#include <opencv2/imgproc.hpp>

#include "frame/mat.h"

namespace scrim {
namespace {

/// The box in chroma pixels that comes closest to blurring with `size` luma pixels before taking
/// the mean of each 2x2: for odd sizes an odd one, which keeps the centre.
int chroma_box(int size) {
    return size % 2 == 0 ? size / 2 : 2 * ((size - 1) / 4) + 1;
}

/// In boxes of up to four luma pixels the parts of chroma pixels count. A weight is the share of
/// the box that falls into the chroma pixel before, the same and the next, meant over the two luma
/// pixels of a chroma pixel; in 256ths because OpenCV may round so, and the sum must stay 1.
constexpr int largest_small_box = 4;
cv::Mat small_chroma_kernel(int size) {
    using Weights = std::array<float, 3>;
    constexpr std::array<Weights, largest_small_box> weights{
        Weights{0, 256, 0}, Weights{64, 192, 0}, Weights{43, 170, 43}, Weights{96, 128, 32}};
    const Weights& w = weights[static_cast<std::size_t>(size - 1)];
    return (cv::Mat_<float>(1, 3) << w[0], w[1], w[2]) / 256;
}

}  // namespace

void box_blur_luma(const Plane& in, Plane& out, const cv::Rect& part, cv::Size box) {
    cv::Mat result = mat_of(out)(part);
    if (part.width > 1 && part.height > 1) {
        cv::blur(mat_of(in)(part), result, box);
        return;
    }
    // Of a part with a single row or column OpenCV (4.6) forgets what is around, or writes nothing.
    const cv::Rect around = cv::Rect(part.x - 1, part.y - 1, part.width + 2, part.height + 2) &
                            cv::Rect(0, 0, in.width(), in.height());
    cv::Mat blurred;
    cv::blur(mat_of(in)(around), blurred, box);
    blurred(part - around.tl()).copyTo(result);
}

void box_blur_chroma(const Plane& in, Plane& out, const cv::Rect& part, cv::Size box) {
    if (box.width > largest_small_box || box.height > largest_small_box) {
        return box_blur_luma(in, out, part, {chroma_box(box.width), chroma_box(box.height)});
    }
    cv::Mat result = mat_of(out)(part);
    cv::sepFilter2D(mat_of(in)(part), result, CV_8U, small_chroma_kernel(box.width),
                    small_chroma_kernel(box.height));
}

}  // namespace scrim
