#include "filter/colorize.h"

#include "filter/plane_math.h"
#include "frame/color.h"

namespace scrim {
namespace {

/// Grey times a colour lies on the line from black to that colour: all planes follow luma.
class Colorize final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.number("r", r_, {0, 1020}, "red of what is white");
        schema.number("g", g_, {0, 1020}, "green of what is white");
        schema.number("b", b_, {0, 1020}, "blue of what is white");
    }

    FilterTraits traits() const override { return {}; }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        const YuvMatrix m = rgb_to_yuv(image.tags);
        const Levels l = levels(image.tags.range);
        // `row` of the matrix for the colour, per step of luma
        const auto slope = [&](std::size_t row) {
            return (m[row][0] * r_ + m[row][1] * g_ + m[row][2] * b_) / (255 * l.luma_scale);
        };
        const auto line = [&](const Plane& luma, std::size_t row) {
            return linear(luma, slope(row), m[row][3] - slope(row) * l.luma_offset);
        };
        const Plane luma = luma_under_chroma(image.y);
        image.y = line(image.y, 0);
        image.u = line(luma, 1);
        image.v = line(luma, 2);
    }

  private:
    double r_ = 255;
    double g_ = 255;
    double b_ = 255;
};

}  // namespace

std::unique_ptr<Filter> make_colorize() {
    return std::make_unique<Colorize>();
}

}  // namespace scrim
