#include "frame/convert.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include "frame/color.h"

namespace scrim {
namespace {

struct Size {
    int width, height;
};
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

int largest_difference(const Plane& a, const Plane& b) {
    EXPECT_EQ(a.width(), b.width());
    EXPECT_EQ(a.height(), b.height());
    int most = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x)
            most = std::max(most, std::abs(a.row(y)[x] - b.row(y)[x]));
    }
    return most;
}

double psnr(const Plane& a, const Plane& b) {
    double sum = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x)
            sum += std::pow(a.row(y)[x] - b.row(y)[x], 2);
    }
    return 10 * std::log10(255.0 * 255 * a.width() * a.height() / std::max(sum, 1e-9));
}

std::string describe(Size size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height);
}

Captured captured_of(PixelFormat format, Size size, const std::vector<std::uint8_t>& bytes,
                     std::array<int, 3> strides, std::size_t second, std::size_t third) {
    Captured c;
    c.format = format;
    c.width = size.width;
    c.height = size.height;
    c.data = {bytes.data(), bytes.data() + second, bytes.data() + third};
    c.stride = strides;
    c.size = bytes.size();
    return c;
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
        EXPECT_EQ(largest_difference(frame.y, back.y), 0);
        EXPECT_EQ(largest_difference(frame.u, back.u), 0);
        EXPECT_EQ(largest_difference(frame.v, back.v), 0);
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
        EXPECT_EQ(largest_difference(frame.y, back.y), 0);
        EXPECT_EQ(largest_difference(frame.u, back.u), 0);
        EXPECT_EQ(largest_difference(frame.v, back.v), 0);

        const auto chroma = bytes_in(cw, ch);
        std::vector<std::uint8_t> yu12(packed_size(PixelFormat::yu12, size.width, size.height));
        const auto y_size = bytes_in(size.width, size.height);
        to_yu12(frame, yu12.data(), size.width, yu12.data() + y_size, cw,
                yu12.data() + y_size + chroma, cw);
        back = Decoder().decode(captured_of(PixelFormat::yu12, size, yu12, {size.width, cw, cw},
                                            y_size, y_size + chroma));
        EXPECT_EQ(largest_difference(frame.y, back.y), 0);
        EXPECT_EQ(largest_difference(frame.v, back.v), 0);
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

/// JPEG files made by libjpeg-turbo in every subsampling, against its own decoding to RGB.
struct JpegCase {
    const char* name;
    int subsampling;
};

std::vector<std::uint8_t> jpeg_of(const std::vector<std::uint8_t>& rgb, Size size,
                                  int subsampling) {
    tjhandle handle = tjInitCompress();
    unsigned char* bytes = nullptr;
    unsigned long count = 0;
    EXPECT_EQ(tjCompress2(handle, rgb.data(), size.width, 0, size.height, TJPF_RGB, &bytes, &count,
                          subsampling, 95, 0),
              0);
    std::vector<std::uint8_t> out(bytes, bytes + count);
    tjFree(bytes);
    tjDestroy(handle);
    return out;
}

std::vector<std::uint8_t> smooth_rgb(Size size) {
    std::vector<std::uint8_t> rgb;
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            rgb.push_back(static_cast<std::uint8_t>(255 * x / size.width));
            rgb.push_back(static_cast<std::uint8_t>(255 * y / size.height));
            rgb.push_back(static_cast<std::uint8_t>(128 + 100 * std::sin(x * 0.1)));
        }
    }
    return rgb;
}

Captured captured_jpeg(const std::vector<std::uint8_t>& jpeg, Size size) {
    return captured_of(PixelFormat::mjpeg, size, jpeg, {}, 0, 0);
}

class Jpeg : public testing::TestWithParam<JpegCase> {};

TEST_P(Jpeg, IsDecodedToTheColoursThatWentIn) {
    for (const Size size : {Size{1, 1}, Size{3, 5}, Size{17, 33}, Size{127, 63}, Size{320, 240}}) {
        SCOPED_TRACE(describe(size));
        const auto rgb = smooth_rgb(size);
        const Frame frame =
            Decoder().decode(captured_jpeg(jpeg_of(rgb, size, GetParam().subsampling), size));
        EXPECT_EQ(frame.tags, (ColorTags{Matrix::bt601, Range::full}));
        const Frame want =
            from_rgb24(rgb.data(), 3 * size.width, size.width, size.height, frame.tags);
        ASSERT_EQ(frame.width(), size.width);
        ASSERT_EQ(frame.u.width(), chroma_size(size.width));
        ASSERT_EQ(frame.u.height(), chroma_size(size.height));
        if (size.width < 100) continue;  // one block of chroma says little
        EXPECT_GE(psnr(frame.y, want.y), 38);
        if (GetParam().subsampling == TJSAMP_GRAY) {
            EXPECT_EQ(
                largest_difference(frame.u, Plane::filled(want.u.width(), want.u.height(), 128)),
                0);
        } else {
            EXPECT_GE(psnr(frame.u, want.u), 33);
            EXPECT_GE(psnr(frame.v, want.v), 33);
        }
    }
}

/// The mean of the pixels that each one stands for; at the edges, of those that are there.
Plane shrunk(const Plane& plane, int shrink) {
    Plane out((plane.width() + shrink - 1) / shrink, (plane.height() + shrink - 1) / shrink);
    for (int y = 0; y < out.height(); ++y) {
        for (int x = 0; x < out.width(); ++x) {
            int sum = 0;
            int count = 0;
            for (int j = y * shrink; j < std::min((y + 1) * shrink, plane.height()); ++j) {
                for (int i = x * shrink; i < std::min((x + 1) * shrink, plane.width()); ++i) {
                    sum += plane.row(j)[i];
                    ++count;
                }
            }
            out.writable_row(y)[x] = static_cast<std::uint8_t>((sum + count / 2) / count);
        }
    }
    return out;
}

TEST_P(Jpeg, SmallPicturesAreMeansOfTheWholeOne) {
    for (const Size size : {Size{1, 1}, Size{3, 5}, Size{17, 33}, Size{127, 63}, Size{320, 240}}) {
        const auto jpeg = jpeg_of(smooth_rgb(size), size, GetParam().subsampling);
        const Frame whole = Decoder().decode(captured_jpeg(jpeg, size));
        Decoder decoder;
        for (const int shrink : {2, 4, 8}) {
            SCOPED_TRACE(describe(size) + fmt::format(" by {}", shrink));
            const Frame small = decoder.decode_jpeg(captured_jpeg(jpeg, size), shrink);
            EXPECT_EQ(small.tags, whole.tags);
            const Plane want = shrunk(whole.y, shrink);
            ASSERT_EQ(small.width(), want.width());
            ASSERT_EQ(small.height(), want.height());
            ASSERT_EQ(small.u.width(), chroma_size(small.width()));
            ASSERT_EQ(small.v.height(), chroma_size(small.height()));
            if (size.width < 320) continue;  // whose last blocks go over the edge
            EXPECT_GE(psnr(small.y, want), 38);
            // Whose chroma is too narrow then to show what the picture has.
            if (GetParam().subsampling == TJSAMP_411) continue;
            EXPECT_GE(psnr(small.u, shrunk(whole.u, shrink)), 35);
            EXPECT_GE(psnr(small.v, shrunk(whole.v, shrink)), 35);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Subsampling, Jpeg,
                         testing::Values(JpegCase{"s420", TJSAMP_420}, JpegCase{"s422", TJSAMP_422},
                                         JpegCase{"s444", TJSAMP_444}, JpegCase{"s440", TJSAMP_440},
                                         JpegCase{"s411", TJSAMP_411},
                                         JpegCase{"grey", TJSAMP_GRAY}),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST(Jpeg, CutPicturesAreErrors) {
    const Size size{64, 48};
    const auto whole = jpeg_of(smooth_rgb(size), size, TJSAMP_420);
    Decoder decoder;
    for (std::size_t length = 0; length + 2 < whole.size(); length += 7) {
        const std::vector<std::uint8_t> cut(whole.begin(),
                                            whole.begin() + static_cast<std::ptrdiff_t>(length));
        EXPECT_THROW(decoder.decode(captured_jpeg(cut, size)), DecodeError) << length;
        EXPECT_THROW(decoder.decode_jpeg(captured_jpeg(cut, size), 4), DecodeError) << length;
    }
    EXPECT_NO_THROW(decoder.decode(captured_jpeg(whole, size)));
}

TEST(Jpeg, FlippedBitsNeverCrashAndTheDecoderGoesOn) {
    const Size size{64, 48};
    const auto whole = jpeg_of(smooth_rgb(size), size, TJSAMP_422);
    std::mt19937 random(1);
    Decoder decoder;
    int refused = 0;
    for (int i = 0; i < 500; ++i) {
        auto bytes = whole;
        for (int flips = 0; flips < 1 + i % 8; ++flips) {
            bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
        }
        try {
            decoder.decode(captured_jpeg(bytes, size));
        } catch (const DecodeError&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 100);
    EXPECT_NO_THROW(decoder.decode(captured_jpeg(whole, size)));
}

TEST(Jpeg, PaddingBehindThePictureIsFine) {
    const Size size{64, 48};
    auto bytes = jpeg_of(smooth_rgb(size), size, TJSAMP_420);
    bytes.resize(bytes.size() + 5000);
    EXPECT_NO_THROW(Decoder().decode(captured_jpeg(bytes, size)));
}

TEST(Jpeg, AnotherSizeThanTheStreamIsAnError) {
    const auto jpeg = jpeg_of(smooth_rgb({64, 48}), {64, 48}, TJSAMP_420);
    try {
        Decoder().decode(captured_jpeg(jpeg, {640, 480}));
        FAIL();
    } catch (const DecodeError& error) {
        EXPECT_STREQ(error.what(), "a JPEG picture of 64x48 in a stream of 640x480");
    }
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
