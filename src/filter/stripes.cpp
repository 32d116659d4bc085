#include "filter/stripes.h"

#include <algorithm>
#include <cmath>

#include "frame/color.h"

namespace scrim {
namespace {

void add(std::uint8_t* row, int width, int change) {
    for (int x = 0; x < width; ++x)
        row[x] = static_cast<std::uint8_t>(std::clamp(row[x] + change, 0, 255));
}

class Stripes final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.integer("width", width_, {1, 4096}, "height of a stripe in pixels");
        schema.number("intensity", intensity_, {-255, 255},
                      "taken from red, green and blue in one stripe, added in the next");
        schema.integer("speed", speed_, {-4096, 4096}, "rows that they move down every frame");
    }

    FilterTraits traits() const override { return {.changes = speed_ % (2 * width_) != 0}; }

    /// The same step in red, green and blue is a step of luma.
    void apply(Frame& image, const FrameContext& context) override {
        const int change =
            static_cast<int>(std::lround(intensity_ * levels(image.tags.range).luma_scale));
        if (change == 0) return;
        const int period = 2 * width_;
        // Rows above the first stripe stay as they are, as they did in the predecessor.
        const int first = first_row(context.index);
        if (first >= image.height()) return;
        std::uint8_t* const pixels = image.y.writable();
        for (int y = first; y < image.height(); ++y) {
            const bool dark = (y - first) % period < width_;
            add(pixels + std::ptrdiff_t{y} * image.y.stride(), image.width(),
                dark ? -change : change);
        }
    }

  private:
    /// The first frame is already moved once.
    int first_row(std::uint64_t index) const {
        const int period = 2 * width_;
        const auto moves = static_cast<std::int64_t>((index + 1) % static_cast<unsigned>(period));
        const auto row = static_cast<int>(moves * speed_ % period);
        return row < 0 ? row + period : row;
    }

    int width_ = 5;
    double intensity_ = 10;
    int speed_ = 1;
};

}  // namespace

std::unique_ptr<Filter> make_stripes() {
    return std::make_unique<Stripes>();
}

}  // namespace scrim
