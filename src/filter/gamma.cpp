#include "filter/gamma.h"

#include <algorithm>
#include <cmath>

#include "filter/plane_math.h"
#include "frame/color.h"

namespace scrim {
namespace {

class Gamma final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.number("gamma", gamma_, {0.1, 10},
                      "above 1 is brighter, below 1 darker, 1 changes nothing");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        const Levels l = levels(stream.tags.range);
        const auto curve = [&](double luma) {
            const double light = std::max(luma - l.luma_offset, 0.0) / (l.luma_scale * 255);
            return l.luma_offset + std::pow(light, 1 / gamma_) * l.luma_scale * 255;
        };
        for (std::size_t i = 0; i < curve_.size(); ++i) {
            const auto luma = static_cast<double>(i);
            curve_[i] = byte_of(curve(luma));
            // Over a stretch as wide as colours usually differ: at black itself the slope has no
            // limit.
            constexpr double reach = 16;
            slope_[i] = static_cast<int>(
                std::lround(one * (curve(luma + reach) - curve(luma - reach)) / (2 * reach)));
        }
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (gamma_ == 1) return;
        const Plane luma = luma_under_chroma(image.y);
        image.y = mapped(image.y, curve_);
        scale_by_slope(image.u, luma);
        scale_by_slope(image.v, luma);
    }

  private:
    static constexpr int one = 256;

    void scale_by_slope(Plane& chroma, const Plane& luma) const {
        const Plane in = chroma;
        std::uint8_t* out = chroma.overwritable();
        for (int y = 0; y < in.height(); ++y, out += chroma.stride()) {
            const std::uint8_t* const row = in.row(y);
            const std::uint8_t* const luma_row = luma.row(y);
            for (int x = 0; x < in.width(); ++x) {
                const int scaled = ((row[x] - 128) * slope_[luma_row[x]] + one / 2) / one;
                out[x] = static_cast<std::uint8_t>(std::clamp(128 + scaled, 0, 255));
            }
        }
    }

    double gamma_ = 1.3;
    ByteMap curve_{};
    std::array<int, 256> slope_{};  // of the curve, times `one`
};

}  // namespace

std::unique_ptr<Filter> make_gamma() {
    return std::make_unique<Gamma>();
}

}  // namespace scrim
