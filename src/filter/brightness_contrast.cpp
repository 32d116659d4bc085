#include "filter/brightness_contrast.h"

#include "filter/plane_math.h"
#include "frame/color.h"

namespace scrim {
namespace {

/// The same straight line on red, green and blue is that line on luma and its slope on chroma.
class BrightnessContrast final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.number("brightness", brightness_, {-1, 1},
                      "added light: -1 makes all black, 0 changes nothing, 1 makes all white");
        schema.number("contrast", contrast_, {0, 10},
                      "0 makes all grey, 1 changes nothing, 2 doubles every difference");
    }

    FilterTraits traits() const override { return {}; }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        constexpr double middle = 127.5;
        const Levels l = levels(image.tags.range);
        const double luma_middle = l.luma_offset + l.luma_scale * middle;
        if (brightness_ != 0 || contrast_ != 1) {
            image.y = linear(image.y, contrast_,
                             luma_middle * (1 - contrast_) + brightness_ * l.luma_scale * 255);
        }
        if (contrast_ != 1) {
            image.u = linear(image.u, contrast_, 128 * (1 - contrast_));
            image.v = linear(image.v, contrast_, 128 * (1 - contrast_));
        }
    }

  private:
    double brightness_ = 0;
    double contrast_ = 1;
};

}  // namespace

std::unique_ptr<Filter> make_brightness_contrast() {
    return std::make_unique<BrightnessContrast>();
}

}  // namespace scrim
