#include "filter/flip.h"

#include <gtest/gtest.h>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

using test::filtered;

void expect_mirrored(const Plane& in, const Plane& out, bool horizontal, bool vertical) {
    ASSERT_EQ(in.width(), out.width());
    ASSERT_EQ(in.height(), out.height());
    for (int y = 0; y < in.height(); ++y) {
        for (int x = 0; x < in.width(); ++x) {
            const int from_x = horizontal ? in.width() - 1 - x : x;
            const int from_y = vertical ? in.height() - 1 - y : y;
            ASSERT_EQ(out.row(y)[x], in.row(from_y)[from_x]) << x << ", " << y;
        }
    }
}

TEST(Flip, MirrorsEveryPlane) {
    Frame frame = test::noise_frame(70, 34, 5);
    frame.alpha = test::noise(70, 34, 6);
    for (const bool horizontal : {true, false}) {
        for (const bool vertical : {true, false}) {
            const Frame out =
                filtered(fmt::format(R"(["flip", {}, {}])", horizontal, vertical), frame);
            expect_mirrored(frame.y, out.y, horizontal, vertical);
            expect_mirrored(frame.u, out.u, horizontal, vertical);
            expect_mirrored(frame.v, out.v, horizontal, vertical);
            expect_mirrored(frame.alpha, out.alpha, horizontal, vertical);
        }
    }
}

TEST(Flip, IsHorizontalByDefault) {
    const Frame frame = test::noise_frame(70, 34, 5);
    expect_mirrored(frame.y, filtered(R"(["flip"])", frame).y, true, false);
}

/// Of five luma pixels the pairs (0 1) (2 3) (4) share their chroma; mirrored, the pairs lie over
/// (4 3) (2 1) (0) of the old ones.
TEST(Flip, KeepsColoursInPlaceAtOddSizes) {
    Frame frame = solid_frame(5, 5, {}, {100, 128, 128});
    for (int y = 0; y < 3; ++y) {
        for (int x = 0; x < 3; ++x) {
            frame.u.writable_row(y)[x] = static_cast<std::uint8_t>(100 + 20 * x);
            frame.v.writable_row(y)[x] = static_cast<std::uint8_t>(100 + 20 * y);
        }
    }
    const Frame across = filtered(R"(["flip", true, false])", frame);
    const Frame down = filtered(R"(["flip", false, true])", frame);
    const int expected[] = {130, 110, 100};
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(across.u.row(1)[i], expected[i]);
        EXPECT_EQ(across.v.row(i)[1], frame.v.row(i)[1]);
        EXPECT_EQ(down.v.row(i)[1], expected[i]);
        EXPECT_EQ(down.u.row(1)[i], frame.u.row(1)[i]);
    }
}

TEST(Flip, CopiesNothingWhenOff) {
    const Frame frame = test::noise_frame(8, 8, 5);
    EXPECT_TRUE(filtered(R"(["flip", false, false])", frame).y.shares_pixels_with(frame.y));
}

}  // namespace
}  // namespace scrim
