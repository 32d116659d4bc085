#include "source/pattern/stamp.h"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>
#include <libyuv.h>
#include <turbojpeg.h>

#include "frame/convert.h"

namespace scrim {
namespace {

Frame gray_frame(int width, int height) {
    return solid_frame(width, height, {}, {110, 120, 140});
}

TEST(Stamp, IsReadBackAtManySizes) {
    for (const int width : {160, 320, 641, 1280, 1920}) {
        const int height = width * 9 / 16;
        for (const std::uint32_t number : {0U, 1U, 0x12345678U, 0xFFFFFFFFU}) {
            Frame frame = gray_frame(width, height);
            ASSERT_TRUE(write_stamp(frame, number)) << width;
            EXPECT_EQ(read_stamp(frame), number) << width;
        }
    }
}

TEST(Stamp, ThereIsNoneInAPlainOrATinyPicture) {
    EXPECT_EQ(read_stamp(gray_frame(640, 360)), std::nullopt);
    Frame tiny = gray_frame(3, 2);
    EXPECT_FALSE(write_stamp(tiny, 7));
    EXPECT_EQ(read_stamp(tiny), std::nullopt);
}

TEST(Stamp, ADamagedOneIsNotRead) {
    Frame frame = gray_frame(1280, 720);
    write_stamp(frame, 0x0F0F0F0F);
    for (int y = 0; y < 30; ++y) {
        for (int x = 0; x < 32; ++x)
            frame.y.writable_row(y)[x] ^= 0xFF;  // the first cell
    }
    EXPECT_EQ(read_stamp(frame), std::nullopt);
}

TEST(Stamp, SurvivesHalfTheSize) {
    Frame frame = gray_frame(1280, 720);
    write_stamp(frame, 4711);
    Frame half(640, 360, {});
    libyuv::ScalePlane(frame.y.data(), frame.y.stride(), 1280, 720, half.y.overwritable(),
                       half.y.stride(), 640, 360, libyuv::kFilterBox);
    EXPECT_EQ(read_stamp(half), 4711U);
}

TEST(Stamp, SurvivesJpeg) {
    Frame frame = gray_frame(640, 360);
    write_stamp(frame, 99999);
    std::vector<std::uint8_t> rgb(packed_size(PixelFormat::rgb24, 640, 360));
    to_rgb24(frame, rgb.data(), 3 * 640);
    tjhandle compressor = tjInitCompress();
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    ASSERT_EQ(tjCompress2(compressor, rgb.data(), 640, 0, 360, TJPF_RGB, &bytes, &size, TJSAMP_420,
                          40, 0),
              0);
    Captured captured;
    captured.format = PixelFormat::mjpeg;
    captured.width = 640;
    captured.height = 360;
    captured.data[0] = bytes;
    captured.size = size;
    EXPECT_EQ(read_stamp(Decoder().decode(captured)), 99999U);
    tjFree(bytes);
    tjDestroy(compressor);
}

}  // namespace
}  // namespace scrim
