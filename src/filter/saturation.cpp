#include "filter/saturation.h"

#include "filter/plane_math.h"

namespace scrim {
namespace {

class Saturation final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.number("saturation", saturation_, {0, 10},
                      "0 takes the colour away, 1 changes nothing, 2 doubles it");
    }

    FilterTraits traits() const override { return {}; }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (saturation_ == 1) return;
        image.u = linear(image.u, saturation_, 128 * (1 - saturation_));
        image.v = linear(image.v, saturation_, 128 * (1 - saturation_));
    }

  private:
    double saturation_ = 1.4;
};

}  // namespace

std::unique_ptr<Filter> make_saturation() {
    return std::make_unique<Saturation>();
}

}  // namespace scrim
