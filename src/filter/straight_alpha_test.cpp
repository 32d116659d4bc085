#include "filter/straight_alpha.h"

#include <array>

#include <gtest/gtest.h>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

double alpha_at(const Frame& frame, int x, int y) {
    return frame.opaque() ? 1 : frame.alpha.row(y)[x] / 255.0;
}

double mean(double top, double top_weight, double base, double base_weight) {
    const double sum = top_weight + base_weight;
    return sum == 0 ? top : (top * top_weight + base * base_weight) / sum;
}

/// `out` is `top` at (x0, y0) over `base`.
void expect_over(const Frame& out, const Frame& top, const Frame& base, int x0, int y0) {
    for (int y = 0; y < top.height(); ++y) {
        for (int x = 0; x < top.width(); ++x) {
            const double a = alpha_at(top, x, y);
            const double b = alpha_at(base, x0 + x, y0 + y) * (1 - a);
            ASSERT_NEAR(alpha_at(out, x0 + x, y0 + y) * 255, (a + b) * 255, 1) << x << "," << y;
            if (a + b == 0) continue;
            const double luma = mean(top.y.row(y)[x], a, base.y.row(y0 + y)[x0 + x], b);
            ASSERT_NEAR(out.y.row(y0 + y)[x0 + x], luma, 1) << x << "," << y;
        }
    }
    for (int y = 0; y < top.u.height(); ++y) {
        for (int x = 0; x < top.u.width(); ++x) {
            double a = 0;
            double b = 0;
            for (int i = 0; i < 4; ++i) {
                const int at_x = 2 * x + i % 2;
                const int at_y = 2 * y + i / 2;
                if (at_x >= top.width() || at_y >= top.height()) continue;
                const double share = alpha_at(top, at_x, at_y);
                a += share;
                b += alpha_at(base, x0 + at_x, y0 + at_y) * (1 - share);
            }
            if (a + b == 0) continue;
            const int to_x = x0 / 2 + x;
            const int to_y = y0 / 2 + y;
            ASSERT_NEAR(out.u.row(to_y)[to_x], mean(top.u.row(y)[x], a, base.u.row(to_y)[to_x], b),
                        1);
            ASSERT_NEAR(out.v.row(to_y)[to_x], mean(top.v.row(y)[x], a, base.v.row(to_y)[to_x], b),
                        1);
        }
    }
}

/// Noise, with as many pixels that are visible or invisible as translucent ones, and whole blocks
/// of each.
Plane patchy(int width, int height, unsigned seed) {
    Plane plane = test::noise(width, height, seed);
    std::uint8_t* row = plane.writable();
    for (int y = 0; y < height; ++y, row += plane.stride()) {
        for (int x = 0; x < width; ++x) {
            const int kind = (x / 80 + y / 7) % 4;
            if (kind == 0 || row[x] % 4 == 0) row[x] = 0;
            if (kind == 1 || row[x] % 4 == 1) row[x] = 255;
        }
    }
    return plane;
}

constexpr std::array<std::pair<int, int>, 6> sizes{
    {{1, 1}, {1, 2}, {2, 1}, {3, 5}, {127, 63}, {400, 31}}};

TEST(LayUnder, IsOverTheOtherWayRound) {
    for (const auto& [width, height] : sizes) {
        Frame image = test::noise_frame(width, height, 1);
        image.alpha = patchy(width, height, 2);
        Frame base = test::noise_frame(width, height, 3);
        base.alpha = patchy(width, height, 4);
        Frame out = image;
        lay_under(out, base);
        expect_over(out, image, base, 0, 0);
        base.alpha = Plane();
        out = image;
        lay_under(out, base);
        expect_over(out, image, base, 0, 0);
    }
}

TEST(LayUnder, ChangesNothingThatIsOpaqueOrHasNothingBelow) {
    const Frame opaque = test::noise_frame(70, 20, 1);
    Frame out = opaque;
    lay_under(out, test::noise_frame(70, 20, 3));
    EXPECT_EQ(test::difference(out.y, opaque.y), 0);
    EXPECT_TRUE(out.opaque());

    Frame image = opaque;
    image.alpha = patchy(70, 20, 2);
    out = image;
    lay_under(out, solid_frame(70, 20, {}, {1, 2, 3}, 0));
    EXPECT_EQ(test::difference(out, image), 0);
}

TEST(LayOver, LaysAPictureOntoAPart) {
    for (const auto& [width, height] : sizes) {
        Frame top = test::noise_frame(width, height, 1);
        top.alpha = patchy(width, height, 2);
        for (const bool opaque : {true, false}) {
            // at the end of a larger frame, and on one of the same size
            for (const int margin : {24, 0}) {
                Frame image = test::noise_frame(margin + width, margin + height, 3);
                if (!opaque) image.alpha = patchy(image.width(), image.height(), 4);
                Frame out = test::borrowed(image, 5);
                lay_over(out, top, margin, margin);
                expect_over(out, top, image, margin, margin);
                EXPECT_EQ(out.opaque(), opaque);
                for (int y = 0; y < margin; ++y) {
                    for (int x = 0; x < image.width(); ++x)
                        ASSERT_EQ(out.y.row(y)[x], image.y.row(y)[x]) << "outside";
                }
            }
        }
    }
}

TEST(LayOver, TakesAnOpaquePicture) {
    const Frame top = test::noise_frame(11, 7, 1);
    const Frame image = test::noise_frame(40, 30, 3);
    Frame out = image;
    lay_over(out, top, 2, 4);
    expect_over(out, top, image, 2, 4);
}

}  // namespace
}  // namespace scrim
