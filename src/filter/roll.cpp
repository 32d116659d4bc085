#include "filter/roll.h"

#include "filter/pixel_grid.h"

namespace scrim {
namespace {

/// The columns (or rows) that are shown when the picture has moved on by `speed` for the frames up
/// to and with frame `index`. Both numbers are cut down to the size first: their product must fit.
void wrap_around(std::vector<int>& source, int size, int speed, std::uint64_t index) {
    const auto frames = static_cast<std::int64_t>((index + 1) % static_cast<std::uint64_t>(size));
    const std::int64_t shift = frames * (speed % size) % size;
    source.resize(static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i) {
        source[static_cast<std::size_t>(i)] = static_cast<int>((i - shift + size) % size);
    }
}

class Roll final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.integer("speed_x", speed_x_, {-16384, 16384}, "pixels a frame to the right")
            .required();
        schema.integer("speed_y", speed_y_, {-16384, 16384}, "pixels a frame down").required();
    }

    FilterTraits traits() const override { return {.changes = speed_x_ != 0 || speed_y_ != 0}; }

    void apply(Frame& image, const FrameContext& context) override {
        wrap_around(columns_, image.width(), speed_x_, context.index);
        wrap_around(rows_, image.height(), speed_y_, context.index);
        grid_.set(columns_, rows_);
        grid_.apply(image);
    }

  private:
    int speed_x_ = 0;
    int speed_y_ = 0;
    std::vector<int> columns_, rows_;
    PixelGrid grid_;
};

}  // namespace

std::unique_ptr<Filter> make_roll() {
    return std::make_unique<Roll>();
}

}  // namespace scrim
