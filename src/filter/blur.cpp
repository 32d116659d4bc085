#include "filter/blur.h"

#include <array>
#include <optional>

#include <opencv2/imgproc.hpp>

#include "filter/paint_over.h"
#include "frame/mat.h"

namespace scrim {
namespace {

Plane box_blurred(const Plane& in, cv::Size box) {
    if (box == cv::Size(1, 1)) return in;
    Plane out(in.width(), in.height());
    cv::Mat result = mat_of(out);
    cv::blur(mat_of(in), result, box);
    return out;
}

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

Plane chroma_blurred(const Plane& in, cv::Size box) {
    if (box.width > largest_small_box || box.height > largest_small_box) {
        return box_blurred(in, {chroma_box(box.width), chroma_box(box.height)});
    }
    Plane out(in.width(), in.height());
    cv::Mat result = mat_of(out);
    cv::sepFilter2D(mat_of(in), result, CV_8U, small_chroma_kernel(box.width),
                    small_chroma_kernel(box.height));
    return out;
}

class Blur final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.integer("intensity_x", x_, {-4096, 4096}, "width of the box in pixels");
        schema.integer("intensity_y", y_, {-4096, 4096}, "height of the box in pixels")
            .default_text("= intensity_x");
        schema.boolean("exclude_person", exclude_person_,
                       "keeps the person's colours out, so that no halo shows around them; for a "
                       "layer under the person");
    }

    FilterTraits traits() const override { return {.needs_mask = exclude_person_}; }

    void apply(Frame& image, const FrameContext& context) override {
        const cv::Size box(std::max(x_, 1), std::max(y_.value_or(x_), 1));
        if (box == cv::Size(1, 1)) return;
        if (exclude_person_ && context.mask != nullptr) paint_over(image, *context.mask);
        image.y = box_blurred(image.y, box);
        image.u = chroma_blurred(image.u, box);
        image.v = chroma_blurred(image.v, box);
    }

  private:
    int x_ = 5;
    std::optional<int> y_;
    bool exclude_person_ = false;
};

}  // namespace

std::unique_ptr<Filter> make_blur() {
    return std::make_unique<Blur>();
}

}  // namespace scrim
