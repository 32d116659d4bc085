#include "filter/noise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "filter/plane_math.h"
#include "filter/random.h"
#include "frame/color.h"

namespace scrim {
namespace {

/// Draws how many pixels are left out before the next one that is hit: one number a hit instead of
/// one a pixel. The geometric distribution, by a table of its inverse.
class Gaps {
  public:
    Gaps() {
        for (std::size_t i = 0; i < gaps_.size(); ++i) {
            const double u = (static_cast<double>(i) + 0.5) / static_cast<double>(gaps_.size());
            gaps_[i] = static_cast<std::uint8_t>(std::log(u) / std::log(1 - share));
        }
    }
    int draw(Random& random) const { return gaps_[random.next() % gaps_.size()]; }

  private:
    static constexpr double share = 0.05;
    std::array<std::uint8_t, 4096> gaps_{};  // the rarest is 175
};

class Noise final : public Filter {
  public:
    void bind(Schema& /*schema*/) override {}

    FilterTraits traits() const override { return {.changes = true}; }

    void prepare(const StreamContext& stream) override {
        const Levels l = levels(stream.tags.range);
        white_ = byte_of(l.luma_offset + 255 * l.luma_scale);
        hits_.resize(static_cast<std::size_t>(chroma_size(stream.width)));
    }

    void apply(Frame& image, const FrameContext& context) override {
        Random random(context.index);
        Canvas canvas{image.y.writable(), image.u.writable(), image.v.writable(),
                      image.opaque() ? nullptr : image.alpha.writable()};
        int x = gaps_.draw(random);
        for (int row = 0; row < image.u.height(); ++row) {
            std::fill(hits_.begin(), hits_.end(), std::uint8_t{0});
            for (int y = 2 * row; y < std::min(2 * row + 2, image.height()); ++y) {
                for (; x < image.width(); x += 1 + gaps_.draw(random)) {
                    hit(canvas, image, x, y);
                }
                x -= image.width();
            }
            whiten_chroma(canvas, image, row);
        }
    }

  private:
    struct Canvas {
        std::uint8_t* y;
        std::uint8_t* u;
        std::uint8_t* v;
        std::uint8_t* alpha;  // null = opaque
    };

    void hit(const Canvas& canvas, const Frame& image, int x, int y) {
        canvas.y[std::ptrdiff_t{y} * image.y.stride() + x] = white_;
        if (canvas.alpha != nullptr)
            canvas.alpha[std::ptrdiff_t{y} * image.alpha.stride() + x] = 255;
        ++hits_[static_cast<std::size_t>(x / 2)];
    }

    /// Chroma is the mean of its pixels, weighted by alpha as everywhere: the hit ones bring none.
    void whiten_chroma(const Canvas& canvas, const Frame& image, int row) const {
        std::uint8_t* const u = canvas.u + std::ptrdiff_t{row} * image.u.stride();
        std::uint8_t* const v = canvas.v + std::ptrdiff_t{row} * image.v.stride();
        for (int x = 0; x < image.u.width(); ++x) {
            const int white = 255 * hits_[static_cast<std::size_t>(x)];
            if (white == 0) continue;
            const int all = visible(canvas, image, x, row);
            u[x] = static_cast<std::uint8_t>(128 + (u[x] - 128) * (all - white) / all);
            v[x] = static_cast<std::uint8_t>(128 + (v[x] - 128) * (all - white) / all);
        }
    }

    /// The sum of alpha over the pixels of one of chroma.
    static int visible(const Canvas& canvas, const Frame& image, int column, int row) {
        const int right = std::min(2 * column + 2, image.width());
        const int bottom = std::min(2 * row + 2, image.height());
        if (canvas.alpha == nullptr) return 255 * (right - 2 * column) * (bottom - 2 * row);
        int sum = 0;
        for (int y = 2 * row; y < bottom; ++y) {
            const std::uint8_t* const alpha =
                canvas.alpha + std::ptrdiff_t{y} * image.alpha.stride();
            sum = std::accumulate(alpha + 2 * column, alpha + right, sum);
        }
        return sum;
    }

    Gaps gaps_;
    std::uint8_t white_ = 255;
    std::vector<std::uint8_t> hits_;  // in each chroma pixel of the present row
};

}  // namespace

std::unique_ptr<Filter> make_noise() {
    return std::make_unique<Noise>();
}

}  // namespace scrim
