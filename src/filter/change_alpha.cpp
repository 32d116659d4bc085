#include "filter/change_alpha.h"

#include <algorithm>

namespace scrim {
namespace {

class ChangeAlpha final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.integer("alpha_change", change_, {-4096, 4096}, "added to the alpha (0..255)")
            .alias("change_alpha");
        schema.integer("alpha_min", least_, {0, 255}, "alpha does not fall below it");
        schema.integer("alpha_max", most_, {0, 255}, "alpha does not rise above it");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        // What an opaque picture gets: the same alpha everywhere, so one plane serves all frames.
        const std::uint8_t alpha = changed(255);
        of_opaque_ = alpha == 255 ? Plane() : Plane::filled(stream.width, stream.height, alpha);
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (image.opaque() || changed(0) == changed(255)) {  // monotonous: equal ends, all equal
            image.alpha = of_opaque_;
            return;
        }
        for (int y = 0; y < image.height(); ++y) {
            std::uint8_t* const row = image.alpha.writable_row(y);
            std::transform(row, row + image.width(), row,
                           [this](std::uint8_t alpha) { return changed(alpha); });
        }
    }

  private:
    std::uint8_t changed(std::uint8_t alpha) const {
        return static_cast<std::uint8_t>(std::min(std::max(alpha + change_, least_), most_));
    }

    int change_ = 0;
    int least_ = 0;
    int most_ = 255;
    Plane of_opaque_;
};

}  // namespace

std::unique_ptr<Filter> make_change_alpha() {
    return std::make_unique<ChangeAlpha>();
}

}  // namespace scrim
