#include "filter/crop.h"

#include <cmath>

#include <gtest/gtest.h>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

using test::filtered;

TEST(Crop, CutsSidesInPixelsAndPercent) {
    const Frame frame = test::noise_frame(41, 20, 1);
    const Frame out = filtered(R"(["crop", {left: 3, top: 25%, right: "10%", bottom: 1}])", frame);
    ASSERT_FALSE(out.opaque());
    for (int y = 0; y < 20; ++y) {
        for (int x = 0; x < 41; ++x) {
            const bool inside = x >= 3 && x < 37 && y >= 5 && y < 19;
            ASSERT_EQ(out.alpha.row(y)[x], inside ? 255 : 0) << x << "," << y;
        }
    }
    EXPECT_TRUE(out.y.shares_pixels_with(frame.y));
    EXPECT_TRUE(out.u.shares_pixels_with(frame.u));
}

TEST(Crop, HasSoftEdgesWhereSomethingIsCut) {
    const Frame out =
        filtered(R"(["crop", 10, 0, 0, 20, {feather: 8}])", solid_frame(60, 70, {}, {}));
    for (int y = 0; y < 70; ++y) {
        for (int x = 0; x < 60; ++x) {
            const double across = x < 10 ? 0 : std::min((x + 0.5 - 10) / 8, 1.0);
            const double down = y >= 50 ? 0 : std::min((50 - y - 0.5) / 8, 1.0);
            ASSERT_NEAR(out.alpha.row(y)[x], 255 * across * down, 0.5 + 1e-9) << x << "," << y;
        }
    }
}

TEST(Crop, MakesAnEllipse) {
    const Frame frame = test::noise_frame(200, 120, 1);
    for (const double feather : {0.0, 12.0}) {
        const Frame out =
            filtered(fmt::format(R"(["crop", {{shape: ellipse, feather: {}}}])", feather), frame);
        for (int y = 0; y < 120; ++y) {
            for (int x = 0; x < 200; ++x) {
                const double r = std::hypot((x - 99.5) / 100, (y - 59.5) / 60);
                if (r > 1.02) {
                    ASSERT_EQ(out.alpha.row(y)[x], 0) << x << "," << y;
                }
                if (r < 0.97 - feather / 50) {
                    ASSERT_EQ(out.alpha.row(y)[x], 255) << x << "," << y;
                }
            }
        }
        EXPECT_NEAR(out.alpha.row(60)[3], feather == 0 ? 255 : 255 * 3.5 / 12, 5);
        EXPECT_NEAR(out.alpha.row(3)[100], feather == 0 ? 255 : 255 * 3.5 / 12, 5);
    }
}

TEST(Crop, MultipliesTheAlphaOfTheLayer) {
    Frame frame = test::noise_frame(256, 40, 1);
    frame.alpha = test::noise(256, 40, 2);
    const Frame visible =
        filtered(R"(["crop", {top: 1, feather: 39}])", solid_frame(256, 40, {}, {}));
    const Frame out = filtered(R"(["crop", {top: 1, feather: 39}])", frame);
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 256; ++x) {
            const double expected = frame.alpha.row(y)[x] * visible.alpha.row(y)[x] / 255.0;
            ASSERT_NEAR(out.alpha.row(y)[x], expected, 0.5 + 1e-9);
        }
    }
}

TEST(Crop, LeavesAllOrNothing) {
    const Frame frame = test::noise_frame(31, 20, 1);
    EXPECT_TRUE(filtered(R"(["crop", {feather: 10}])", frame).opaque());
    EXPECT_TRUE(test::is_filled(filtered(R"(["crop", 60%, 0, 60%])", frame).alpha, 0));
    EXPECT_TRUE(
        test::is_filled(filtered(R"(["crop", {top: 16384, shape: ellipse}])", frame).alpha, 0));
}

TEST(Crop, ExplainsWhatItTakes) {
    const Frame frame = test::noise_frame(8, 8, 5);
    for (const char* const wrong :
         {R"(["crop", -1])", R"(["crop", "101%"])", R"(["crop", "10"])", R"(["crop", wide])",
          R"(["crop", "%"])", R"(["crop", {left: [1]}])", R"(["crop", {shape: star}])"}) {
        EXPECT_THROW(test::filter_of(wrong, frame), ConfigError) << wrong;
    }
}

}  // namespace
}  // namespace scrim
