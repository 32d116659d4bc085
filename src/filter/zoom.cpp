#include "filter/zoom.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "filter/pixel_grid.h"

namespace scrim {
namespace {

/// The columns (or rows) that are shown of `size` when they become round(size * factor) (to even).
/// As in the predecessor (scipy.ndimage.zoom) the centres of the first and of the last pixel stay
/// the first and the last, and the nearest pixel is shown for what is between.
std::vector<int> scaled(int size, double factor) {
    const double wanted = std::nearbyint(size * factor);
    const double step = wanted > 1 ? (size - 1) / (wanted - 1) : 1;
    std::vector<int> source(static_cast<std::size_t>(size), PixelGrid::nowhere);
    const int shown = static_cast<int>(std::min(wanted, static_cast<double>(size)));
    for (int i = 0; i < shown; ++i) {
        const double nearest = std::floor(i * step + 0.5);
        source[static_cast<std::size_t>(i)] = std::min(static_cast<int>(nearest), size - 1);
    }
    return source;
}

class Zoom final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.number("horizontal", horizontal_, {0, 16384}, "times as wide: 2 = twice, 0.5 = half")
            .required();
        schema.number("vertical", vertical_, {0, 16384}, "times as high")
            .default_text("= horizontal");
        schema.boolean("pad_and_crop", pad_and_crop_,
                       "kept for old configurations; the picture always keeps the frame's size");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        grid_.set(scaled(stream.width, horizontal_),
                  scaled(stream.height, vertical_.value_or(horizontal_)));
    }

    void apply(Frame& image, const FrameContext& /*context*/) override { grid_.apply(image); }

  private:
    double horizontal_ = 1;
    std::optional<double> vertical_;
    bool pad_and_crop_ = true;
    PixelGrid grid_;
};

}  // namespace

std::unique_ptr<Filter> make_zoom() {
    return std::make_unique<Zoom>();
}

}  // namespace scrim
