#include "filter/sharpen.h"

#include <utility>

#include <opencv2/imgproc.hpp>

#include "frame/mat.h"

namespace scrim {
namespace {

class Sharpen final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.number("amount", amount_, {0, 10}, "how much; 0 changes nothing");
        schema.integer("radius", radius_, {1, 10},
                       "width of the edges that it works on, in pixels");
    }

    FilterTraits traits() const override { return {}; }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (amount_ == 0) return;
        Plane out(image.width(), image.height());
        cv::Mat result = mat_of(out);
        const cv::Mat luma = mat_of(std::as_const(image.y));
        const int size = 2 * radius_ + 1;
        const double sigma = 0.8 + 0.3 * (radius_ - 1);  // what fits into that size
        cv::GaussianBlur(luma, result, {size, size}, sigma);
        cv::addWeighted(luma, 1 + amount_, result, -amount_, 0, result);
        image.y = std::move(out);
    }

  private:
    double amount_ = 0.8;
    int radius_ = 2;
};

}  // namespace

std::unique_ptr<Filter> make_sharpen() {
    return std::make_unique<Sharpen>();
}

}  // namespace scrim
