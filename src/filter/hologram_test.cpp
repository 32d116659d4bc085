#include "filter/hologram.h"

#include <gtest/gtest.h>

#include "filter/random.h"
#include "filter/test_rgb.h"

namespace scrim {
namespace {

using test::Rgb;

/// A picture as the effect is described: rows of colours.
using Colors = std::vector<std::vector<Rgb>>;

Rgb weighted(const Rgb& a, double alpha, const Rgb& b, double beta) {
    return {std::min(alpha * a.r + beta * b.r, 255.0), std::min(alpha * a.g + beta * b.g, 255.0),
            std::min(alpha * a.b + beta * b.b, 255.0)};
}

/// The pixel so far up and left, black outside.
Rgb shifted(const Colors& colors, int x, int y, int shift) {
    const int from_x = x - shift;
    const int from_y = y - shift;
    const bool inside = from_y >= 0 && from_y < static_cast<int>(colors.size()) && from_x >= 0 &&
                        from_x < static_cast<int>(colors[0].size());
    if (!inside) return {0, 0, 0};
    return colors[static_cast<std::size_t>(from_y)][static_cast<std::size_t>(from_x)];
}

Frame hologram(const Frame& in, std::uint64_t index) {
    Colors colors(static_cast<std::size_t>(in.height()),
                  std::vector<Rgb>(static_cast<std::size_t>(in.width())));
    Random random(index);
    for (int y = 0; y < in.height(); ++y) {
        const double light = y % 5 < 2 ? 0.1 + 0.2 * random.uniform() : 1;
        for (int x = 0; x < in.width(); ++x) {
            const double grey =
                std::clamp(test::luma_of(test::rgb_at(in, x, y), in.tags.matrix), 0.0, 255.0);
            colors[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] =
                Rgb{0, light * grey, light * (255 - grey / 2)};
        }
    }
    return test::frame_of(in.width(), in.height(), in.tags, [&](int x, int y) {
        const Rgb picture = shifted(colors, x, y, 0);
        const Rgb one = weighted(picture, 0.2, shifted(colors, x, y, 5), 0.8);
        const Rgb both = weighted(one, 0.4, shifted(colors, x, y, -5), 0.6);
        return weighted(picture, 0.5, both, 0.6);
    });
}

TEST(Hologram, IsColouredDimmedAndDoubled) {
    test::for_each_noise_frame([](const Frame& in) {
        const std::unique_ptr<Filter> filter = test::filter_of(R"(["hologram"])", in);
        for (std::uint64_t index = 0; index < 3; ++index) {
            Frame out = in;
            FrameContext context;
            context.index = index;
            filter->apply(out, context);
            Frame expected = hologram(in, index);
            expected.alpha = in.alpha;
            EXPECT_LE(test::difference(out, expected), 3);
        }
    });
}

TEST(Hologram, FlickersAnewInEveryFrame) {
    const Frame in = test::noise_frame(64, 48, 1);
    const std::unique_ptr<Filter> filter = test::filter_of(R"(["hologram"])", in);
    Frame first = in;
    Frame second = in;
    FrameContext context;
    filter->apply(first, context);
    ++context.index;
    filter->apply(second, context);
    EXPECT_GT(test::difference(first.y, second.y), 5);
}

}  // namespace
}  // namespace scrim
