#include "filter/chroma_key.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "frame/color.h"

namespace scrim {
namespace {

/// From YUV to one channel of RGB, in 32nds: 16 bits hold all sums, and vector registers many of
/// them. (libyuv's own conversion limits its factor for blue to 2: several steps off.)
struct ChannelOf {
    int u, v;    // in 4096ths of 32nds
    int offset;  // of luma's, u's and v's zero, in 32nds; with half a step for rounding

    /// What chroma adds to luma, for each two pixels of luma that share it.
    void find_shares(const std::uint8_t* from_u, const std::uint8_t* from_v, int count,
                     std::int16_t* shares) const {
        for (int x = 0; x < count; ++x) {
            const int sum = (u * from_u[x] + v * from_v[x]) >> 12;
            shares[2 * x] = shares[2 * x + 1] = static_cast<std::int16_t>(sum + offset);
        }
    }
};
using Shares = std::array<std::vector<std::int16_t>, 3>;

struct ToRgb {
    int luma;                          // in 128ths
    std::array<ChannelOf, 3> channel;  // red, green, blue

    explicit ToRgb(ColorTags tags) {
        const auto [red, blue] = luma_weights(tags.matrix);
        const Levels l = levels(tags.range);
        const double of_v = 2 * (1 - red) / l.chroma_scale;   // red - luma
        const double of_u = 2 * (1 - blue) / l.chroma_scale;  // blue - luma
        const double green = 1 - red - blue;
        luma = static_cast<int>(std::lround(128 / l.luma_scale));
        const auto fixed = [&](double u, double v) {
            const double zero = l.luma_offset / l.luma_scale + 128 * (u + v);
            return ChannelOf{static_cast<int>(std::lround(u * 32 * 4096)),
                             static_cast<int>(std::lround(v * 32 * 4096)),
                             static_cast<int>(std::lround(-zero * 32)) + 16};
        };
        channel = {fixed(0, of_v), fixed(-blue / green * of_u, -red / green * of_v),
                   fixed(of_u, 0)};
    }
};

struct Key {
    std::array<int, 3> color;  // red, green, blue
    int fuzz;                  // up to this far away nothing is left
    int softness;              // so much further away everything is; at least 1
};

/// A channel's distance from the key, of a pixel with this luma (in 32nds) and share of chroma.
inline std::int16_t distance(int light, std::int16_t share, int key) {
    const auto sum = static_cast<std::int16_t>(light + share);
    const int value = std::min(std::max(sum >> 5, 0), 255);
    return static_cast<std::int16_t>(std::abs(value - key));
}

/// What the key leaves of each pixel, in 0..255.
void find_coverage(const Key& key, int luma_scale, const std::uint8_t* luma, const Shares& shares,
                   std::uint8_t* out, int count) {
    const auto [key_red, key_green, key_blue] = key.color;
    const int fuzz = key.fuzz;
    const int softness = key.softness;
    const int scale = 255 * 256 / softness;
    const std::int16_t* const red = shares[0].data();
    const std::int16_t* const green = shares[1].data();
    const std::int16_t* const blue = shares[2].data();
    for (int x = 0; x < count; ++x) {
        const int light = static_cast<std::uint16_t>(luma[x] * luma_scale) >> 2;
        const std::int16_t farthest = std::max(
            std::max(distance(light, red[x], key_red), distance(light, green[x], key_green)),
            distance(light, blue[x], key_blue));
        const int beyond = std::min(std::max(farthest - fuzz, 0), softness);
        out[x] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(beyond * scale + 255) >> 8);
    }
}

/// alpha * coverage / 255; exact where either is 0 or 255.
void multiply(const std::uint8_t* alpha, std::uint8_t* coverage, int count) {
    for (int x = 0; x < count; ++x)
        coverage[x] = static_cast<std::uint8_t>((alpha[x] * coverage[x] + 255) / 256);
}

class ChromaKey final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.number("r", r_, {0, 255}, "red of what becomes transparent");
        schema.number("g", g_, {0, 255}, "green of what becomes transparent");
        schema.number("b", b_, {0, 255}, "blue of what becomes transparent");
        schema.number("fuzz", fuzz_, {0, 255},
                      "how far red, green and blue may each be from that colour");
        schema.integer("softness", softness_, {0, 255},
                       "over how much more than fuzz the picture comes back; 0 gives a hard edge");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        for (std::vector<std::int16_t>& shares : shares_)
            shares.resize(2 * static_cast<std::size_t>(chroma_size(stream.width)));
        key_ = {shown_color(stream.tags), static_cast<int>(fuzz_), std::max(softness_, 1)};
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        const ToRgb to_rgb(image.tags);
        Plane alpha(image.width(), image.height());
        std::uint8_t* out = alpha.overwritable();
        for (int y = 0; y < image.height(); ++y, out += alpha.stride()) {
            if (y % 2 == 0) {
                for (std::size_t i = 0; i < shares_.size(); ++i) {
                    to_rgb.channel[i].find_shares(image.u.row(y / 2), image.v.row(y / 2),
                                                  image.u.width(), shares_[i].data());
                }
            }
            find_coverage(key_, to_rgb.luma, image.y.row(y), shares_, out, image.width());
            if (!image.opaque()) multiply(image.alpha.row(y), out, image.width());
        }
        image.alpha = std::move(alpha);
    }

  private:
    /// The colour on its way through YUV.
    std::array<int, 3> shown_color(ColorTags tags) const {
        const auto whole = [](double value) { return static_cast<int>(std::lround(value)); };
        const YuvColor yuv = yuv_of_rgb(whole(r_), whole(g_), whole(b_), tags);
        const ToRgb to_rgb(tags);
        std::array<int, 3> rgb{};
        for (std::size_t i = 0; i < rgb.size(); ++i) {
            std::array<std::int16_t, 2> share{};
            to_rgb.channel[i].find_shares(&yuv.u, &yuv.v, 1, share.data());
            rgb[i] = distance(yuv.y * to_rgb.luma / 4, share[0], 0);
        }
        return rgb;
    }

    double r_ = 0;
    double g_ = 255;
    double b_ = 0;
    double fuzz_ = 10;
    int softness_ = 0;
    Key key_{};
    Shares shares_;  // of the present row of chroma
};

}  // namespace

std::unique_ptr<Filter> make_chroma_key() {
    return std::make_unique<ChromaKey>();
}

}  // namespace scrim
