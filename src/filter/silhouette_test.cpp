// border and drop_shadow, and the shapes that they are made of.

#include "filter/silhouette.h"

#include <cmath>

#include <gtest/gtest.h>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

using test::filtered;

Plane dilated_plainly(const Plane& in, int radius) {
    Plane out(in.width(), in.height());
    for (int y = 0; y < in.height(); ++y) {
        for (int x = 0; x < in.width(); ++x) {
            std::uint8_t most = 0;
            for (int dy = -radius; dy <= radius; ++dy) {
                for (int dx = -radius; dx <= radius; ++dx) {
                    const bool in_disc = dx * dx + dy * dy <= (radius + 0.5) * (radius + 0.5);
                    const bool in_plane =
                        x + dx >= 0 && x + dx < in.width() && y + dy >= 0 && y + dy < in.height();
                    if (in_disc && in_plane) most = std::max(most, in.row(y + dy)[x + dx]);
                }
            }
            out.writable_row(y)[x] = most;
        }
    }
    return out;
}

/// Some pixels at random on nothing.
Plane sparse(int width, int height, unsigned seed) {
    Plane plane = test::noise(width, height, seed);
    const Plane choice = test::noise(width, height, seed + 1);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            if (choice.row(y)[x] > 1 || y % 3 == 0) plane.writable_row(y)[x] = 0;
        }
    }
    return plane;
}

TEST(Dilated, TakesTheLargestWithinADisc) {
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 9}, {9, 1}, {37, 21}, {200, 40}}) {
        for (const int radius : {0, 1, 2, 3, 5, 12}) {
            SCOPED_TRACE(fmt::format("{}x{} {}", width, height, radius));
            for (const Plane& in : {sparse(width, height, 4), test::noise(width, height, 5)}) {
                EXPECT_EQ(test::difference(dilated(in, radius), dilated_plainly(in, radius)), 0);
            }
        }
    }
}

/// Soft blobs, as masks are.
Plane blobs(int width, int height) {
    Plane plane(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double wave = std::sin(x / 17.0) + std::cos(y / 13.0) + std::sin((x + y) / 29.0);
            plane.writable_row(y)[x] =
                static_cast<std::uint8_t>(std::lround(std::clamp(128 + 160 * wave, 0.0, 255.0)));
        }
    }
    return plane;
}

double gaussian_at(const Plane& in, int x, int y, double sigma) {
    const int reach = static_cast<int>(4 * sigma) + 1;
    double sum = 0;
    double weights = 0;
    for (int dy = -reach; dy <= reach; ++dy) {
        for (int dx = -reach; dx <= reach; ++dx) {
            const double weight = std::exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
            sum += weight * in.row(std::clamp(
                                y + dy, 0, in.height() - 1))[std::clamp(x + dx, 0, in.width() - 1)];
            weights += weight;
        }
    }
    return sum / weights;
}

TEST(Softened, IsAGaussian) {
    const Plane in = blobs(203, 117);
    for (const double sigma : {0.5, 1.0, 2.0, 3.5, 5.0, 12.0, 16.0}) {
        // What goes on beyond the edge is a matter of taste: there the reduced picture's pixels.
        const int margin = static_cast<int>(2 * sigma);
        const Plane out = softened(in, sigma);
        double squares = 0;
        int count = 0;
        for (int y = margin; y < in.height() - margin; y += 7) {
            for (int x = margin; x < in.width() - margin; x += 7) {
                const double error = out.row(y)[x] - gaussian_at(in, x, y, sigma);
                EXPECT_NEAR(error, 0, 4) << sigma << ": " << x << "," << y;
                squares += error * error;
                ++count;
            }
        }
        EXPECT_LT(std::sqrt(squares / count), 1.5) << sigma;
    }
}

TEST(Softened, KeepsFlatPlanesAndTakesAnySize) {
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 2}, {3, 5}, {64, 9}}) {
        for (const double sigma : {0.0, 1.0, 7.0, 100.0}) {
            EXPECT_TRUE(test::is_filled(softened(Plane::filled(width, height, 93), sigma), 93));
        }
    }
}

/// A grey frame with a square that is all that is visible of it.
Frame square(int size, int begin, int end) {
    Frame frame = solid_frame(size, size, {}, {100, 110, 120}, 0);
    for (int y = begin; y < end; ++y) {
        for (int x = begin; x < end; ++x)
            frame.alpha.writable_row(y)[x] = 255;
    }
    return frame;
}

TEST(Border, DrawsARingInItsColour) {
    const Frame frame = square(80, 30, 50);
    const Frame out = filtered(R"(["border", 6, 255, 0, 0])", frame);
    const YuvColor red = yuv_of_rgb(255, 0, 0, {});
    const Plane grown = dilated_plainly(frame.alpha, 6);
    EXPECT_EQ(test::difference(out.alpha, grown), 0);
    for (int y = 0; y < 80; ++y) {
        for (int x = 0; x < 80; ++x) {
            if (grown.row(y)[x] == 0) continue;
            const bool person = frame.alpha.row(y)[x] == 255;
            ASSERT_EQ(out.y.row(y)[x], person ? 100 : red.y) << x << "," << y;
            ASSERT_EQ(out.v.row(y / 2)[x / 2], person ? 120 : red.v) << x << "," << y;
        }
    }
}

TEST(Border, FadesWithSoftness) {
    const Frame out = filtered(R"(["border", {width: 8, softness: 6}])", square(80, 30, 50));
    EXPECT_EQ(out.alpha.row(40)[40], 255);
    EXPECT_GT(out.alpha.row(40)[52], 240);
    EXPECT_NEAR(out.alpha.row(40)[57], 128, 30);
    EXPECT_LT(out.alpha.row(40)[66], 10);
}

TEST(Border, HasNoPlaceOnAnOpaqueLayer) {
    const Frame frame = test::noise_frame(30, 20, 1);
    EXPECT_TRUE(filtered(R"(["border", 6])", frame).y.shares_pixels_with(frame.y));
    EXPECT_TRUE(filtered(R"(["drop_shadow"])", frame).y.shares_pixels_with(frame.y));
}

TEST(DropShadow, FallsToOneSide) {
    const Frame frame = square(80, 30, 50);
    const Frame out =
        filtered(R"(["drop_shadow", {x: 10, y: -4, blur: 0, opacity: 0.6, b: 255}])", frame);
    const YuvColor blue = yuv_of_rgb(0, 0, 255, {});
    for (int y = 0; y < 80; ++y) {
        for (int x = 0; x < 80; ++x) {
            const bool person = frame.alpha.row(y)[x] == 255;
            const bool shadow = x >= 40 && x < 60 && y >= 26 && y < 46;
            ASSERT_EQ(out.alpha.row(y)[x], person ? 255 : shadow ? 153 : 0) << x << "," << y;
            if (!person && !shadow) continue;
            ASSERT_EQ(out.y.row(y)[x], person ? 100 : blue.y) << x << "," << y;
            ASSERT_EQ(out.u.row(y / 2)[x / 2], person ? 110 : blue.u) << x << "," << y;
        }
    }
}

TEST(DropShadow, IsSoft) {
    const Frame out = filtered(R"(["drop_shadow", 0, 0, 16, 1])", square(120, 40, 80));
    EXPECT_NEAR(out.alpha.row(60)[39], 128, 16);
    EXPECT_NEAR(out.alpha.row(60)[31], 40, 14);  // one standard deviation away: 0.16
    EXPECT_LT(out.alpha.row(60)[16], 3);
}

TEST(DropShadow, GoesOnWhereThePersonIsCutOff) {
    Frame frame = square(60, 20, 60);  // down to the frame's edge
    const Frame out = filtered(R"(["drop_shadow", {x: -10, y: -10, blur: 0, opacity: 1}])", frame);
    EXPECT_EQ(out.alpha.row(59)[15], 255);
    const Frame far =
        filtered(R"(["drop_shadow", {x: 16384, y: -16384, blur: 0, opacity: 1}])", frame);
    EXPECT_EQ(far.alpha.row(5)[5], 0);
}

}  // namespace
}  // namespace scrim
