#include "filter/gaussian_blur.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <libyuv.h>
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

double sigma_of(Bell bell) {
    return bell.sigma > 0 ? bell.sigma : 0.3 * ((bell.size - 1) / 2.0 - 1) + 0.8;
}

/// By how much a picture may be reduced before a blur that hides the difference: less than 2 levels
/// are left of it (gaussian_blur_test.cpp).
int reduction_for(Bell bell) {
    const double sigma = sigma_of(bell);
    return sigma < 3 ? 1 : sigma < 6 ? 2 : 4;
}

/// The bell at a reduced size. Averaging before it and interpolating after it blur too: a box of n
/// pixels has a spread of (n^2 - 1) / 12, the two triangles of an interpolation have n^2 / 6.
Bell reduced(Bell bell, int n) {
    const double sigma = sigma_of(bell);
    if (n == 1) return {bell.size, sigma};
    const double rest = sigma * sigma - (n * n - 1) / 12.0 - n * n / 6.0;
    return {2 * ((bell.size / 2 + n - 1) / n) + 1, std::sqrt(rest) / n};
}

Plane blurred(const Plane& in, Bell x, Bell y) {
    Plane out(in.width(), in.height());
    cv::Mat result = mat_of(out);
    cv::GaussianBlur(mat_of(in), result, {x.size, y.size}, x.sigma, y.sigma);
    return out;
}

/// The means of boxes, whole ones: that is where libyuv is fast, and exact.
Plane smaller(const Plane& in, int width, int height) {
    Plane out(width, height);
    libyuv::ScalePlane(in.data(), in.stride(), in.width(), in.height(), out.overwritable(),
                       out.stride(), width, height, libyuv::kFilterBox);
    return out;
}

Plane larger(const Plane& in, int width, int height) {
    Plane out(width, height);
    cv::Mat result = mat_of(out);
    cv::resize(mat_of(in), result, result.size(), 0, 0, cv::INTER_LINEAR);
    return out;
}

/// One axis of a picture with its mirror image on both sides, as far as the bell reaches, in whole
/// pixels of the reduced picture: at the reduced size the mirror could not be put in its place.
struct Margin {
    int before, size;
    Margin(int side, Bell bell, int n)
        : before(rounded_up(bell.size / 2, n)),
          size(before + rounded_up(side + bell.size / 2, n)) {}
    static int rounded_up(int length, int n) { return (length + n - 1) / n * n; }
};

Plane gaussian_blurred(const Plane& in, Bell x, Bell y) {
    const int across = reduction_for(x);
    const int down = reduction_for(y);
    if (across == 1 && down == 1) return blurred(in, x, y);
    const Margin columns(in.width(), x, across);
    const Margin rows(in.height(), y, down);
    Plane framed(columns.size, rows.size);
    cv::Mat framed_mat = mat_of(framed);
    cv::copyMakeBorder(mat_of(in), framed_mat, rows.before, rows.size - rows.before - in.height(),
                       columns.before, columns.size - columns.before - in.width(),
                       cv::BORDER_REFLECT_101);
    const Plane small = blurred(smaller(framed, columns.size / across, rows.size / down),
                                reduced(x, across), reduced(y, down));
    const Plane large = larger(small, columns.size, rows.size);
    Plane out(in.width(), in.height());
    cv::Mat result = mat_of(out);
    mat_of(large)(cv::Rect(columns.before, rows.before, in.width(), in.height())).copyTo(result);
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
        if (exclude_person_ && context.mask != nullptr) person_.apply(image, *context.mask);
        image.y = gaussian_blurred(image.y, {width, 0}, {height, 0});
        image.u = gaussian_blurred(image.u, chroma_bell(width), chroma_bell(height));
        image.v = gaussian_blurred(image.v, chroma_bell(width), chroma_bell(height));
    }

  private:
    static int odd_size(int size) { return std::max(size, 1) | 1; }

    int x_ = 5;
    std::optional<int> y_;
    bool exclude_person_ = false;
    PaintOver person_;
};

}  // namespace

std::unique_ptr<Filter> make_gaussian_blur() {
    return std::make_unique<GaussianBlur>();
}

}  // namespace scrim
