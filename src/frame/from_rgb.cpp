// Pictures in RGB, with and without alpha, into frames: by exact matrices, because libyuv knows
// only BT.601 in this direction and averages chroma in two rounding steps.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "frame/color.h"
#include "frame/convert.h"

namespace scrim {
namespace {

/// A row of the RGB to YUV matrix in fixed point: the sum of four pixels still fits into 31 bits.
struct Weights {
    static constexpr int bits = 20;
    std::int32_t r, g, b, constant;

    std::int32_t of(std::int32_t red, std::int32_t green, std::int32_t blue) const {
        return r * red + g * green + b * blue;
    }
};

Weights weights_of(ColorTags tags, std::size_t row) {
    const auto exact = rgb_to_yuv(tags)[row];
    const auto fixed = [](double value) {
        return static_cast<std::int32_t>(std::lround(value * (1 << Weights::bits)));
    };
    return {fixed(exact[0]), fixed(exact[1]), fixed(exact[2]), fixed(exact[3])};
}

std::uint8_t clamped(std::int32_t value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

template <int bytes>
void fill_luma(const std::uint8_t* in, int width, Weights weights, std::uint8_t* out) {
    constexpr std::int32_t half = 1 << (Weights::bits - 1);
    for (int x = 0; x < width; ++x, in += bytes) {
        out[x] =
            clamped((weights.of(in[0], in[1], in[2]) + weights.constant + half) >> Weights::bits);
    }
}

/// Four pixels that share their chroma: 2x2, or fewer at odd edges, some of them twice.
struct Block {
    std::array<const std::uint8_t*, 4> pixels;
    std::int32_t sum(std::size_t i) const {
        return pixels[0][i] + pixels[1][i] + pixels[2][i] + pixels[3][i];
    }
    /// Each weighted by its alpha.
    std::int32_t visible_sum(std::size_t i) const {
        std::int32_t sum = 0;
        for (const std::uint8_t* const p : pixels)
            sum += p[i] * p[3];
        return sum;
    }
};

struct Chroma {
    Weights u, v;

    void fill_plain(const Block& block, std::uint8_t& out_u, std::uint8_t& out_v) const {
        constexpr int shift = Weights::bits + 2;
        const auto mean = [&block](const Weights& w) {
            const std::int32_t sum = w.of(block.sum(0), block.sum(1), block.sum(2));
            return clamped((sum + 4 * w.constant + (1 << (shift - 1))) >> shift);
        };
        out_u = mean(u);
        out_v = mean(v);
    }

    /// Where all four are invisible the plain mean stays.
    void fill_visible(const Block& block, std::uint8_t& out_u, std::uint8_t& out_v) const {
        const std::int32_t weight = block.sum(3);
        if (weight == 0 || weight == 4 * 255) return fill_plain(block, out_u, out_v);
        const float share = 1.0F / static_cast<float>(weight) / (1 << Weights::bits);
        const auto r = static_cast<float>(block.visible_sum(0)) * share;
        const auto g = static_cast<float>(block.visible_sum(1)) * share;
        const auto b = static_cast<float>(block.visible_sum(2)) * share;
        const auto mean = [&](const Weights& w) {
            const float value = static_cast<float>(w.r) * r + static_cast<float>(w.g) * g +
                                static_cast<float>(w.b) * b + 128.5F;
            return clamped(static_cast<std::int32_t>(value));
        };
        out_u = mean(u);
        out_v = mean(v);
    }
};

template <int bytes, typename Fill>
void fill_chroma_row(const std::uint8_t* top, const std::uint8_t* bottom, int width, Fill&& fill) {
    for (int x = 0; x < width / 2; ++x, top += 2 * bytes, bottom += 2 * bytes) {
        fill(x, Block{{top, top + bytes, bottom, bottom + bytes}});
    }
    if (width % 2 != 0) fill(width / 2, Block{{top, top, bottom, bottom}});
}

template <int bytes>
Frame from_pixels(const std::uint8_t* pixels, int stride, int width, int height, ColorTags tags,
                  bool translucent) {
    Frame frame(width, height, tags);
    const auto row = [&](int y) { return pixels + static_cast<std::ptrdiff_t>(y) * stride; };
    const Weights luma = weights_of(tags, 0);
    std::uint8_t* out = frame.y.overwritable();
    for (int y = 0; y < height; ++y, out += frame.y.stride())
        fill_luma<bytes>(row(y), width, luma, out);

    const Chroma chroma{weights_of(tags, 1), weights_of(tags, 2)};
    std::uint8_t* u = frame.u.overwritable();
    std::uint8_t* v = frame.v.overwritable();
    for (int y = 0; y < height; y += 2, u += frame.u.stride(), v += frame.v.stride()) {
        const std::uint8_t* const below = row(std::min(y + 1, height - 1));
        if (translucent) {
            fill_chroma_row<bytes>(row(y), below, width, [&](int x, const Block& block) {
                chroma.fill_visible(block, u[x], v[x]);
            });
        } else {
            fill_chroma_row<bytes>(row(y), below, width, [&](int x, const Block& block) {
                chroma.fill_plain(block, u[x], v[x]);
            });
        }
    }
    return frame;
}

/// Empty where the picture is opaque.
Plane alpha_of(const std::uint8_t* rgba, int stride, int width, int height) {
    Plane alpha(width, height);
    std::uint8_t* out = alpha.overwritable();
    std::uint8_t least = 255;
    for (int y = 0; y < height; ++y, out += alpha.stride()) {
        const std::uint8_t* const in = rgba + static_cast<std::ptrdiff_t>(y) * stride + 3;
        for (int x = 0; x < width; ++x) {
            out[x] = in[4 * x];
            least = std::min(least, out[x]);
        }
    }
    return least == 255 ? Plane() : alpha;
}

}  // namespace

Frame from_rgb24(const std::uint8_t* rgb, int stride, int width, int height, ColorTags tags) {
    return from_pixels<3>(rgb, stride, width, height, tags, false);
}

Frame from_rgba(const std::uint8_t* rgba, int stride, int width, int height, ColorTags tags) {
    Plane alpha = alpha_of(rgba, stride, width, height);
    Frame frame = from_pixels<4>(rgba, stride, width, height, tags, !alpha.empty());
    frame.alpha = std::move(alpha);
    return frame;
}

}  // namespace scrim
