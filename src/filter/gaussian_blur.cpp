#include "filter/gaussian_blur.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <opencv2/imgproc.hpp>

#include "filter/paint_over.h"
#include "frame/mat.h"

namespace scrim {
namespace {

/// A Gaussian along one axis.
struct Bell {
    int size;      // odd
    double sigma;  // 0 = OpenCV's for that size: 0.3 ((size - 1) / 2 - 1) + 0.8
};

/// The bell in chroma pixels that comes closest to blurring with `luma_size` luma pixels before
/// taking the mean of each 2x2: the spread of that mean (a quarter of a pixel squared) is added.
Bell chroma_bell(int luma_size) {
    if (luma_size == 1) return {1, 0};
    const int half = (luma_size - 1) / 2;
    const double sigma = 0.3 * (half - 1) + 0.8;
    return {2 * ((half + 1) / 2) + 1, std::sqrt(sigma * sigma + 0.25) / 2};
}

Plane gaussian_blurred(const Plane& in, Bell x, Bell y) {
    Plane out(in.width(), in.height());
    cv::Mat result = mat_of(out);
    cv::GaussianBlur(mat_of(in), result, {x.size, y.size}, x.sigma, y.sigma);
    return out;
}

class GaussianBlur final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.integer("intensity_x", x_, {-4096, 4096},
                       "width of the kernel in pixels; even sizes become the next odd");
        schema.integer("intensity_y", y_, {-4096, 4096}, "height of the kernel in pixels")
            .default_text("= intensity_x");
        schema.boolean("exclude_person", exclude_person_,
                       "keeps the person's colours out, so that no halo shows around them; for a "
                       "layer under the person");
    }

    FilterTraits traits() const override { return {.needs_mask = exclude_person_}; }

    void apply(Frame& image, const FrameContext& context) override {
        const int width = odd_size(x_);
        const int height = odd_size(y_.value_or(x_));
        if (width == 1 && height == 1) return;
        if (exclude_person_ && context.mask != nullptr) paint_over(image, *context.mask);
        image.y = gaussian_blurred(image.y, {width, 0}, {height, 0});
        image.u = gaussian_blurred(image.u, chroma_bell(width), chroma_bell(height));
        image.v = gaussian_blurred(image.v, chroma_bell(width), chroma_bell(height));
    }

  private:
    static int odd_size(int size) { return std::max(size, 1) | 1; }

    int x_ = 5;
    std::optional<int> y_;
    bool exclude_person_ = false;
};

}  // namespace

std::unique_ptr<Filter> make_gaussian_blur() {
    return std::make_unique<GaussianBlur>();
}

}  // namespace scrim
