// JPEG pictures, whole and shrunk, against libjpeg-turbo's own encoder.

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include "frame/convert.h"
#include "frame/test_planes.h"

namespace scrim {
namespace {

using test::captured_of;
using test::describe;
using test::difference;
using test::psnr;
using test::Size;

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
            EXPECT_EQ(difference(frame.u, Plane::filled(want.u.width(), want.u.height(), 128)), 0);
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
    for (const Size size : {Size{1, 1}, Size{17, 33}, Size{25, 8}, Size{127, 63}, Size{320, 240}}) {
        const auto jpeg = jpeg_of(smooth_rgb(size), size, GetParam().subsampling);
        const Frame whole = Decoder().decode(captured_jpeg(jpeg, size));
        Decoder decoder;
        for (const int shrink : {4, 8}) {
            SCOPED_TRACE(describe(size) + fmt::format(" by {}", shrink));
            const Frame small = decoder.thumbnail(captured_jpeg(jpeg, size), shrink);
            EXPECT_EQ(small.tags, whole.tags);
            EXPECT_EQ(difference(decoder.rest(), whole), 0);
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
        EXPECT_THROW(decoder.thumbnail(captured_jpeg(cut, size), 4), DecodeError) << length;
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
        const Captured picture = captured_jpeg(bytes, size);
        const auto refuses = [](const auto& decode) {
            try {
                decode();
                return false;
            } catch (const DecodeError&) {
                return true;
            }
        };
        const bool in_one = refuses([&] { decoder.decode(picture); });
        const bool in_two = refuses([&] {
            decoder.thumbnail(picture, 4 << (i % 2));
            decoder.rest();
        });
        EXPECT_EQ(in_one, in_two);
        refused += in_one ? 1 : 0;
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

}  // namespace
}  // namespace scrim
