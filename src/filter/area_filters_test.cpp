// The filters that look at a pixel's neighbours or its place.

#include <gtest/gtest.h>

#include "filter/test_rgb.h"

namespace scrim {
namespace {

using test::filtered;

/// The mean of a block of the picture that `plane` shows at 1/`step` of its size.
double block_mean(const Plane& plane, const Frame& frame, int step, int x, int y, int size) {
    const int left = x / size * size;
    const int top = y / size * size;
    int sum = 0;
    int count = 0;
    for (int row = top; row < std::min(top + size, frame.height()); ++row) {
        for (int column = left; column < std::min(left + size, frame.width()); ++column) {
            sum += plane.row(row / step)[column / step];
            ++count;
        }
    }
    return static_cast<double>(sum) / count;
}

TEST(Pixelate, IsTheMeanOfEachBlock) {
    for (const int size : {1, 2, 3, 7, 16, 500}) {
        SCOPED_TRACE(size);
        test::for_each_noise_frame([&](const Frame& in) {
            Frame expected(in.width(), in.height(), in.tags);
            expected.alpha = in.alpha;
            for (int row = 0; row < in.u.height(); ++row) {
                for (int column = 0; column < in.u.width(); ++column) {
                    double u = 0;
                    double v = 0;
                    int count = 0;
                    test::for_each_sharing(in, column, row, [&](int x, int y) {
                        expected.y.writable_row(y)[x] =
                            test::rounded(block_mean(in.y, in, 1, x, y, size));
                        u += block_mean(in.u, in, 2, x, y, size);
                        v += block_mean(in.v, in, 2, x, y, size);
                        ++count;
                    });
                    expected.u.writable_row(row)[column] = test::rounded(u / count);
                    expected.v.writable_row(row)[column] = test::rounded(v / count);
                }
            }
            const Frame out = filtered(fmt::format(R"(["pixelate", {}])", size), in);
            EXPECT_LE(test::difference(out, expected), 1);
            EXPECT_TRUE(out.alpha.shares_pixels_with(in.alpha));
        });
    }
}

int reflected(int i, int size) {
    while (size > 1 && (i < 0 || i >= size))
        i = i < 0 ? -i : 2 * (size - 1) - i;
    return size > 1 ? i : 0;
}

/// A Gaussian of 2 * radius + 1 pixels, with reflected edges.
double blurred(const Plane& plane, int x, int y, int radius) {
    const double sigma = 0.3 * (radius - 1) + 0.8;
    double sum = 0;
    double weights = 0;
    for (int dy = -radius; dy <= radius; ++dy) {
        for (int dx = -radius; dx <= radius; ++dx) {
            const double weight = std::exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
            sum += weight *
                   plane.row(reflected(y + dy, plane.height()))[reflected(x + dx, plane.width())];
            weights += weight;
        }
    }
    return sum / weights;
}

TEST(Sharpen, AddsWhatABlurTakesAway) {
    for (const auto& [amount, radius] : {std::pair(0.8, 2), {0.5, 1}, {2.0, 3}, {1.0, 10}}) {
        SCOPED_TRACE(fmt::format("{} {}", amount, radius));
        test::for_each_noise_frame([a = amount, r = radius](const Frame& in) {
            Plane expected(in.width(), in.height());
            for (int y = 0; y < in.height(); ++y) {
                for (int x = 0; x < in.width(); ++x) {
                    const double luma = in.y.row(y)[x];
                    expected.writable_row(y)[x] =
                        test::rounded(luma + a * (luma - blurred(in.y, x, y, r)));
                }
            }
            const Frame out = filtered(fmt::format(R"(["sharpen", {}, {}])", a, r), in);
            EXPECT_LE(test::difference(out.y, expected), std::ceil(a) + 1);
            EXPECT_TRUE(out.u.shares_pixels_with(in.u) && out.v.shares_pixels_with(in.v));
            EXPECT_TRUE(out.alpha.shares_pixels_with(in.alpha));
        });
    }
}

TEST(Sharpen, LeavesFlatPicturesAlone) {
    const Frame frame = solid_frame(64, 48, {}, {235, 16, 201});
    for (int radius = 1; radius <= 10; ++radius) {
        const Frame out = filtered(fmt::format(R"(["sharpen", 4, {}])", radius), frame);
        EXPECT_EQ(test::difference(out, frame), 0) << radius;
    }
    EXPECT_TRUE(filtered(R"(["sharpen", 0])", frame).y.shares_pixels_with(frame.y));
}

TEST(Vignette, DarkensTowardsTheCorners) {
    struct Case {
        double strength, radius, softness;
    };
    for (const Case c : {Case{0.6, 0.4, 0.6}, {1, 0, 1}, {0.5, 0.7, 2}, {1, 0.5, 0}}) {
        SCOPED_TRACE(fmt::format("{} {} {}", c.strength, c.radius, c.softness));
        test::for_each_noise_frame([&](const Frame& in) {
            const auto light = [&](int x, int y) {
                const double across = (2 * x + 1.0) / in.width() - 1;
                const double down = (2 * y + 1.0) / in.height() - 1;
                const double way = std::hypot(across, down) / std::sqrt(2.0) - c.radius;
                const double t =
                    c.softness > 0 ? std::clamp(way / c.softness, 0.0, 1.0) : (way > 0 ? 1 : 0);
                return 1 - c.strength * (3 * t * t - 2 * t * t * t);
            };
            const Frame expected =
                test::frame_of(in.width(), in.height(), in.tags, [&](int x, int y) {
                    const test::Rgb color = test::rgb_at(in, x, y);
                    const double factor = light(x, y);
                    return test::Rgb{color.r * factor, color.g * factor, color.b * factor};
                });
            const Frame out = filtered(
                fmt::format(R"(["vignette", {}, {}, {}])", c.strength, c.radius, c.softness), in);
            EXPECT_LE(test::difference(out.y, expected.y), 2);
            EXPECT_LE(test::difference(out.u, expected.u), 2);
            EXPECT_LE(test::difference(out.v, expected.v), 2);
            EXPECT_TRUE(out.alpha.shares_pixels_with(in.alpha));
        });
    }
}

TEST(Vignette, LeavesTheCentreAlone) {
    const Frame frame = test::noise_frame(64, 48, 3);
    const Frame out = filtered(R"(["vignette"])", frame);
    EXPECT_EQ(out.y.row(24)[32], frame.y.row(24)[32]);
    EXPECT_EQ(out.u.row(12)[16], frame.u.row(12)[16]);
    EXPECT_TRUE(filtered(R"(["vignette", 0])", frame).y.shares_pixels_with(frame.y));
}

}  // namespace
}  // namespace scrim
