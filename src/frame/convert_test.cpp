#include "frame/convert.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "frame/color.h"
#include "frame/test_planes.h"

namespace scrim {
namespace {

using test::captured_of;
using test::describe;
using test::difference;
using test::psnr;
using test::Size;

constexpr std::array sizes{Size{1, 1},   Size{1, 2},    Size{2, 1},    Size{3, 5},
                           Size{16, 16}, Size{127, 63}, Size{640, 480}};
constexpr std::array all_tags{
    ColorTags{Matrix::bt601, Range::limited}, ColorTags{Matrix::bt601, Range::full},
    ColorTags{Matrix::bt709, Range::limited}, ColorTags{Matrix::bt709, Range::full}};

std::size_t bytes_in(int stride, int rows) {
    return static_cast<std::size_t>(stride) * static_cast<std::size_t>(rows);
}

std::vector<std::uint8_t> random_bytes(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<std::uint8_t> bytes(count);
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(random());
    return bytes;
}

Plane random_plane(int width, int height, unsigned seed, int least = 0, int most = 255) {
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> value(least, most);
    Plane plane(width, height);
    for (int y = 0; y < height; ++y) {
        std::uint8_t* const row = plane.writable_row(y);
        for (int x = 0; x < width; ++x)
            row[x] = static_cast<std::uint8_t>(value(random));
    }
    return plane;
}

Frame random_frame(int width, int height, ColorTags tags, unsigned seed) {
    Frame frame;
    frame.y = random_plane(width, height, seed, 64, 190);  // no colour outside of RGB
    frame.u = random_plane(chroma_size(width), chroma_size(height), seed + 1, 100, 156);
    frame.v = random_plane(chroma_size(width), chroma_size(height), seed + 2, 100, 156);
    frame.tags = tags;
    return frame;
}

TEST(Convert, Yu12IsWrappedWithoutACopy) {
    const auto bytes = random_bytes(packed_size(PixelFormat::yu12, 6, 4), 1);
    Captured c = captured_of(PixelFormat::yu12, {6, 4}, bytes, {6, 3, 3}, 24, 30);
    c.sequence = 42;
    const Frame frame = Decoder().decode(c);
    EXPECT_EQ(frame.y.data(), bytes.data());
    EXPECT_EQ(frame.u.data(), bytes.data() + 24);
    EXPECT_EQ(frame.v.data(), bytes.data() + 30);
    EXPECT_EQ(frame.sequence, 42U);
}

TEST(Convert, YuyvThereAndBackKeepsLumaAndChroma) {
    for (const Size size : sizes) {
        SCOPED_TRACE(describe(size));
        const Frame frame = random_frame(size.width, size.height, {}, 7);
        const int stride = 4 * chroma_size(size.width) + 12;  // padded
        std::vector<std::uint8_t> packed(bytes_in(stride, size.height));
        to_yuyv(frame, packed.data(), stride);
        const Frame back =
            Decoder().decode(captured_of(PixelFormat::yuyv, size, packed, {stride, 0, 0}, 0, 0));
        EXPECT_EQ(difference(frame.y, back.y), 0);
        EXPECT_EQ(difference(frame.u, back.u), 0);
        EXPECT_EQ(difference(frame.v, back.v), 0);
    }
}

TEST(Convert, Nv12AndYu12ThereAndBackAreExact) {
    for (const Size size : sizes) {
        SCOPED_TRACE(describe(size));
        const Frame frame = random_frame(size.width, size.height, {}, 9);
        const int cw = chroma_size(size.width);
        const int ch = chroma_size(size.height);
        const int stride = size.width + 5;
        const auto luma = bytes_in(stride, size.height);
        std::vector<std::uint8_t> nv12(luma + bytes_in(2 * cw + 3, ch));
        to_nv12(frame, nv12.data(), stride, nv12.data() + luma, 2 * cw + 3);
        Frame back = Decoder().decode(
            captured_of(PixelFormat::nv12, size, nv12, {stride, 2 * cw + 3, 0}, luma, 0));
        EXPECT_EQ(difference(frame.y, back.y), 0);
        EXPECT_EQ(difference(frame.u, back.u), 0);
        EXPECT_EQ(difference(frame.v, back.v), 0);

        const auto chroma = bytes_in(cw, ch);
        std::vector<std::uint8_t> yu12(packed_size(PixelFormat::yu12, size.width, size.height));
        const auto y_size = bytes_in(size.width, size.height);
        to_yu12(frame, yu12.data(), size.width, yu12.data() + y_size, cw,
                yu12.data() + y_size + chroma, cw);
        back = Decoder().decode(captured_of(PixelFormat::yu12, size, yu12, {size.width, cw, cw},
                                            y_size, y_size + chroma));
        EXPECT_EQ(difference(frame.y, back.y), 0);
        EXPECT_EQ(difference(frame.v, back.v), 0);
    }
}

TEST(Convert, RgbThereAndBackIsAbove45Decibels) {
    for (const ColorTags tags : all_tags) {
        for (const Size size : sizes) {
            SCOPED_TRACE(describe(size));
            const Frame frame = random_frame(size.width, size.height, tags, 3);
            std::vector<std::uint8_t> rgb(packed_size(PixelFormat::rgb24, size.width, size.height));
            to_rgb24(frame, rgb.data(), 3 * size.width);
            const Frame back =
                from_rgb24(rgb.data(), 3 * size.width, size.width, size.height, tags);
            if (size.width < 16) continue;  // too few pixels for a ratio
            EXPECT_GE(psnr(frame.y, back.y), 45);
            EXPECT_GE(psnr(frame.u, back.u), 45);
            EXPECT_GE(psnr(frame.v, back.v), 45);
        }
    }
}

TEST(Convert, FromRgbAgreesWithTheFormulas) {
    for (const ColorTags tags : all_tags) {
        const auto m = rgb_to_yuv(tags);
        const auto rgb = random_bytes(3 * 5 * 3, 5);
        const Frame frame = from_rgb24(rgb.data(), 15, 5, 3, tags);
        const auto value = [&](std::size_t row, double r, double g, double b) {
            return m[row][0] * r + m[row][1] * g + m[row][2] * b + m[row][3];
        };
        for (int y = 0; y < 3; ++y) {
            for (int x = 0; x < 5; ++x) {
                const std::uint8_t* const p = &rgb[bytes_in(15, y) + bytes_in(3, x)];
                EXPECT_NEAR(frame.y.row(y)[x], value(0, p[0], p[1], p[2]), 0.501);
            }
        }
        for (int y = 0; y < 2; ++y) {
            for (int x = 0; x < 3; ++x) {
                double sum[4] = {};
                for (int j = 2 * y; j < std::min(2 * y + 2, 3); ++j) {
                    for (int i = 2 * x; i < std::min(2 * x + 2, 5); ++i) {
                        const std::uint8_t* const p = &rgb[bytes_in(15, j) + bytes_in(3, i)];
                        for (std::size_t k = 0; k < 3; ++k)
                            sum[k] += p[k];
                        sum[3] += 1;
                    }
                }
                EXPECT_NEAR(frame.u.row(y)[x],
                            value(1, sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]), 0.51);
                EXPECT_NEAR(frame.v.row(y)[x],
                            value(2, sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]), 0.51);
            }
        }
    }
}

TEST(Convert, InvisibleColoursDoNotBleedIntoChroma) {
    // a red opaque pixel beside three invisible blue ones
    const std::vector<std::uint8_t> rgba{255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0};
    const ColorTags tags{Matrix::bt601, Range::full};
    const Frame frame = from_rgba(rgba.data(), 8, 2, 2, tags);
    const YuvColor red = yuv_of_rgb(255, 0, 0, tags);
    EXPECT_EQ(frame.u.row(0)[0], red.u);
    EXPECT_EQ(frame.v.row(0)[0], red.v);
    EXPECT_EQ(frame.alpha.row(0)[0], 255);
    EXPECT_EQ(frame.alpha.row(1)[1], 0);
}

TEST(Convert, OpaqueRgbaHasNoAlphaPlane) {
    const std::vector<std::uint8_t> rgba(4 * 9, 255);
    EXPECT_TRUE(from_rgba(rgba.data(), 12, 3, 3, {}).opaque());
}

TEST(Convert, RgbaKeepsAlphaOnTheWayOut) {
    Frame frame = random_frame(9, 7, {}, 11);
    frame.alpha = random_plane(9, 7, 12);
    std::vector<std::uint8_t> rgba(4 * 9 * 7);
    to_rgba(frame, rgba.data(), 36);
    for (int y = 0; y < 7; ++y) {
        for (int x = 0; x < 9; ++x) {
            EXPECT_EQ(rgba[bytes_in(36, y) + bytes_in(4, x) + 3], frame.alpha.row(y)[x]);
        }
    }
}

/// The way over RGB in floating point, pixel by pixel at chroma's positions.
TEST(Convert, OtherTagsAgreeWithTheFormulas) {
    for (const ColorTags from : all_tags) {
        for (const ColorTags to : all_tags) {
            const YuvColor mid = yuv_of_rgb(120, 90, 60, from);
            const Frame in = solid_frame(7, 5, from, mid);
            const Frame out = with_tags(in, to);
            const YuvColor want = yuv_of_rgb(120, 90, 60, to);
            EXPECT_NEAR(out.y.row(4)[6], want.y, 1);
            EXPECT_NEAR(out.u.row(2)[3], want.u, 1);
            EXPECT_NEAR(out.v.row(2)[3], want.v, 1);
            EXPECT_EQ(out.tags, to);
            EXPECT_EQ(out.y.shares_pixels_with(in.y), from == to);
        }
    }
}

TEST(Convert, YuvOfKnownColours) {
    const YuvColor white = yuv_of_rgb(255, 255, 255, {Matrix::bt601, Range::limited});
    EXPECT_EQ(white.y, 235);
    EXPECT_EQ(white.u, 128);
    const YuvColor red = yuv_of_rgb(255, 0, 0, {Matrix::bt601, Range::full});
    EXPECT_EQ(red.y, 76);
    EXPECT_EQ(red.u, 85);
    EXPECT_EQ(red.v, 255);
    const YuvColor red709 = yuv_of_rgb(255, 0, 0, {Matrix::bt709, Range::limited});
    EXPECT_EQ(red709.y, 63);
    EXPECT_EQ(red709.u, 102);
    EXPECT_EQ(red709.v, 240);
}

/// A grey picture of another shape stands in the middle of black bars, whole and undistorted.
TEST(Fit, KeepsTheShapeBetweenBlackBars) {
    struct Case {
        int width, height;             // of the frame
        int left, top, right, bottom;  // of the picture in it
    };
    const Frame wide = solid_frame(160, 90, {}, {200, 90, 160});
    const Case cases[] = {{160, 90, 0, 0, 160, 90},    {320, 180, 0, 0, 320, 180},
                          {160, 120, 0, 14, 160, 104}, {320, 90, 80, 0, 240, 90},
                          {161, 91, 0, 0, 161, 91},    {1, 1, 0, 0, 1, 1}};
    for (const Case& c : cases) {
        SCOPED_TRACE(fmt::format("{}x{}", c.width, c.height));
        const Frame out = fitted(wide, c.width, c.height);
        ASSERT_EQ(out.width(), c.width);
        ASSERT_EQ(out.height(), c.height);
        for (int y = 0; y < c.height; ++y) {
            for (int x = 0; x < c.width; ++x) {
                const bool inside = x >= c.left && x < c.right && y >= c.top && y < c.bottom;
                ASSERT_EQ(out.y.row(y)[x], inside ? 200 : 16) << x << " " << y;
                ASSERT_EQ(out.u.row(y / 2)[x / 2], inside ? 90 : 128) << x << " " << y;
            }
        }
    }
}

TEST(Fit, TheSameSizeIsTheSameFrame) {
    const Frame frame = solid_frame(33, 21, {}, {200, 90, 160});
    EXPECT_TRUE(fitted(frame, 33, 21).y.shares_pixels_with(frame.y));
}

}  // namespace
}  // namespace scrim
