#include "filter/move.h"

#include <cmath>
#include <vector>

#include "filter/pixel_grid.h"

namespace scrim {
namespace {

class Move final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema
            .number("horizontal", horizontal_, {-1e6, 1e6},
                    "to the right, in pixels or as a share of the width")
            .required();
        schema
            .number("vertical", vertical_, {-1e6, 1e6},
                    "down, in pixels or as a share of the height")
            .required();
        schema.boolean("relative", relative_, "shares of the frame instead of pixels");
        schema.boolean("periodic", periodic_,
                       "what leaves comes in again on the other side; otherwise it is cut off");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        grid_.set(shifted(horizontal_, stream.width), shifted(vertical_, stream.height));
    }

    void apply(Frame& image, const FrameContext& /*context*/) override { grid_.apply(image); }

  private:
    /// The columns (or rows) that are shown. Shares are cut down to whole pixels as the predecessor
    /// did, which took no fractions of a pixel otherwise.
    std::vector<int> shifted(double by, int size) const {
        const std::int64_t shift =
            relative_ ? static_cast<std::int64_t>(by * size) : std::llround(by);
        std::vector<int> source;
        for (int i = 0; i < size; ++i) {
            const std::int64_t from = i - shift;
            if (periodic_) {
                source.push_back(static_cast<int>((from % size + size) % size));
            } else {
                const bool inside = from >= 0 && from < size;
                source.push_back(inside ? static_cast<int>(from) : PixelGrid::nowhere);
            }
        }
        return source;
    }

    double horizontal_ = 0;
    double vertical_ = 0;
    bool relative_ = false;
    bool periodic_ = true;
    PixelGrid grid_;
};

}  // namespace

std::unique_ptr<Filter> make_move() {
    return std::make_unique<Move>();
}

}  // namespace scrim
