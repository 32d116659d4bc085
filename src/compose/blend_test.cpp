#include "compose/blend.h"

#include <gtest/gtest.h>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

struct Size {
    int width, height;
};
constexpr Size sizes[] = {{1, 1},   {1, 2},  {2, 1},   {2, 2},   {3, 5},    {16, 4},
                          {31, 33}, {33, 2}, {64, 64}, {65, 63}, {127, 63}, {640, 480}};

/// Alpha as networks and pictures give it: nothing, all, hard edges, anything.
Plane alpha_plane(int kind, Size size) {
    if (kind == 0) return Plane::filled(size.width, size.height, 0);
    if (kind == 1) return Plane::filled(size.width, size.height, 255);
    Plane alpha = test::noise(size.width, size.height, 77);
    if (kind == 3) return alpha;
    for (int y = 0; y < size.height; ++y) {
        std::uint8_t* const row = alpha.writable_row(y);
        for (int x = 0; x < size.width; ++x)
            row[x] = row[x] < 100 ? 0 : row[x] < 200 ? 255 : row[x];
    }
    return alpha;
}

TEST(Blend, AgreesWithTheReference) {
    for (const Size size : sizes) {
        for (int kind = 0; kind < 4; ++kind) {
            for (const int padding : {0, 1, 37}) {
                SCOPED_TRACE(fmt::format("{}x{} alpha {} padding {}", size.width, size.height, kind,
                                         padding));
                const Frame base = test::noise_frame(size.width, size.height, 11);
                Frame top = test::noise_frame(size.width, size.height, 22);
                top.alpha = alpha_plane(kind, size);
                const Frame out =
                    blended(test::borrowed(base, padding), test::borrowed(top, padding));
                EXPECT_LE(test::difference(out, blended_reference(base, top)), 1);
                if (kind == 0) {
                    EXPECT_EQ(test::difference(out, base), 0);
                }
                top.alpha = Plane();
                if (kind == 1) {
                    EXPECT_EQ(test::difference(out, top), 0);
                }
            }
        }
    }
}

TEST(Blend, LeavesFullAndEmptyPixelsUntouched) {
    const Size size{129, 67};
    const Frame base = test::noise_frame(size.width, size.height, 11);
    Frame top = test::noise_frame(size.width, size.height, 22);
    top.alpha = alpha_plane(2, size);
    const Frame out = blended(base, top);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            if (top.alpha.row(y)[x] == 255) {
                ASSERT_EQ(out.y.row(y)[x], top.y.row(y)[x]);
            }
            if (top.alpha.row(y)[x] == 0) {
                ASSERT_EQ(out.y.row(y)[x], base.y.row(y)[x]);
            }
        }
    }
}

TEST(Blend, TakesAnOpaqueTopUncopied) {
    Frame base = test::noise_frame(64, 48, 1);
    base.sequence = 7;
    const Frame top = test::noise_frame(64, 48, 2);
    const Frame out = blended(base, top);
    EXPECT_TRUE(out.y.shares_pixels_with(top.y));
    EXPECT_TRUE(out.v.shares_pixels_with(top.v));
    EXPECT_EQ(out.sequence, 7U);
}

TEST(Blend, LeavesItsInputsAlone) {
    const Frame base = test::noise_frame(31, 17, 1);
    Frame top = test::noise_frame(31, 17, 2);
    top.alpha = test::noise(31, 17, 3);
    const Frame top_before = test::borrowed(top, 0);
    blended(base, top);
    EXPECT_EQ(test::difference(base, test::noise_frame(31, 17, 1)), 0);
    EXPECT_EQ(test::difference(top, top_before), 0);
}

}  // namespace
}  // namespace scrim
