#include "filter/chroma_key.h"

#include <gtest/gtest.h>

#include "filter/test_rgb.h"

namespace scrim {
namespace {

using test::filtered;
using test::Rgb;

/// Random colours not far from one, alike in each 2x2.
Frame around(const Rgb& color, int width, int height, ColorTags tags) {
    return test::frame_of(width, height, tags, [&](int x, int y) {
        std::minstd_rand random(static_cast<unsigned>(1 + x / 2 + 1000 * (y / 2)));
        random.discard(5);
        const auto near = [&](double value) {
            return std::clamp(value + static_cast<int>(random() % 121) - 60, 0.0, 255.0);
        };
        const double r = near(color.r);
        const double g = near(color.g);
        return Rgb{r, g, near(color.b)};
    });
}

/// How far the farthest channel is, as a screen would show the pixel.
double distance(const Rgb& shown, const Rgb& color) {
    const auto channel = [](double a, double b) { return std::abs(std::clamp(a, 0.0, 255.0) - b); };
    return std::max(
        {channel(shown.r, color.r), channel(shown.g, color.g), channel(shown.b, color.b)});
}

constexpr double rounding = 2.5;  // of the colour on its way through YUV, and of fixed point

void expect_key(const Rgb& color, int fuzz, int softness, const Frame& in) {
    const Frame out = filtered(fmt::format(R"(["chroma_key", {}, {}, {}, {}, {}])", color.r,
                                           color.g, color.b, fuzz, softness),
                               in);
    ASSERT_FALSE(out.opaque());
    int compared = 0;
    for (int y = 0; y < in.height(); ++y) {
        for (int x = 0; x < in.width(); ++x) {
            const double beyond = distance(test::rgb_at(in, x, y), color) - fuzz;
            if (softness == 0 && std::abs(beyond) < rounding) continue;
            const int before = in.opaque() ? 255 : in.alpha.row(y)[x];
            const double way = std::max(softness, 1);
            const double expected = before * std::clamp(beyond / way, 0.0, 1.0);
            const double tolerance = softness == 0 ? 0 : 255 * rounding / way + 1;
            ASSERT_NEAR(out.alpha.row(y)[x], expected, tolerance) << x << ", " << y;
            ++compared;
        }
    }
    EXPECT_GT(compared, in.width() * in.height() / 2);
    EXPECT_TRUE(out.y.shares_pixels_with(in.y) && out.u.shares_pixels_with(in.u));
}

TEST(ChromaKey, TakesAwayWhatIsNear) {
    for (const ColorTags tags : test::all_tags) {
        for (const Rgb color : {Rgb{0, 255, 0}, {0, 0, 255}, {100, 120, 90}}) {
            Frame in = around(color, 127, 63, tags);
            expect_key(color, 40, 0, in);
            expect_key(color, 30, 40, in);
            in.alpha = test::noise(127, 63, 5);
            expect_key(color, 40, 0, test::borrowed(in, 3));
            expect_key(color, 30, 40, test::borrowed(in, 3));
        }
    }
}

TEST(ChromaKey, FindsItsColourWithoutFuzz) {
    for (const ColorTags tags : test::all_tags) {
        for (const Rgb color : {Rgb{0, 255, 0}, {13, 200, 91}, {255, 255, 255}}) {
            const YuvColor yuv = yuv_of_rgb(static_cast<int>(color.r), static_cast<int>(color.g),
                                            static_cast<int>(color.b), tags);
            const Frame in = solid_frame(33, 21, tags, yuv);
            const Frame out = filtered(
                fmt::format(R"(["chroma_key", {}, {}, {}, 0])", color.r, color.g, color.b), in);
            EXPECT_TRUE(test::is_filled(out.alpha, 0));
        }
    }
}

TEST(ChromaKey, KeepsEverythingElse) {
    const Frame in = solid_frame(33, 21, {}, yuv_of_rgb(40, 60, 80, {}));
    EXPECT_TRUE(test::is_filled(filtered(R"(["chroma_key"])", in).alpha, 255));
    const Frame soft = filtered(R"(["chroma_key", {softness: 255}])", in);
    EXPECT_NEAR(soft.alpha.row(3)[2], 255 - 60 - 10, 2);
}

}  // namespace
}  // namespace scrim
