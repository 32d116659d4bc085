#include "source/v4l2/incoming.h"

#include <chrono>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "source/v4l2/v4l2_source.h"

namespace scrim {
namespace {

v4l2_buffer filled(std::uint32_t bytes, std::uint32_t flags = 0) {
    v4l2_buffer buffer{};
    buffer.bytesused = bytes;
    buffer.flags = flags;
    return buffer;
}

TEST(LooksWhole, RawPicturesMustBeLongEnough) {
    v4l2::Layout layout;
    layout.size = 1000;
    const std::vector<std::uint8_t> memory(4096);
    const auto whole = [&](const v4l2_buffer& buffer) {
        return looks_whole(buffer, PixelFormat::yuyv, layout, memory);
    };
    EXPECT_TRUE(whole(filled(1000)));
    EXPECT_TRUE(whole(filled(4096)));
    EXPECT_FALSE(whole(filled(999)));
    EXPECT_FALSE(whole(filled(0)));
    EXPECT_FALSE(whole(filled(4097))) << "more than the buffer holds";
    EXPECT_FALSE(whole(filled(1000, V4L2_BUF_FLAG_ERROR)));
}

TEST(LooksWhole, JpegPicturesMustStartAsOneAndEnd) {
    std::vector<std::uint8_t> memory(4096);
    memory[0] = 0xff;
    memory[1] = 0xd8;
    memory[1998] = 0xff;
    memory[1999] = 0xd9;
    const auto whole = [&](const v4l2_buffer& buffer) {
        return looks_whole(buffer, PixelFormat::mjpeg, {}, memory);
    };
    EXPECT_TRUE(whole(filled(2000)));
    EXPECT_TRUE(whole(filled(4096))) << "some drivers always say the whole buffer";
    EXPECT_FALSE(whole(filled(2000, V4L2_BUF_FLAG_ERROR)));
    EXPECT_FALSE(whole(filled(1999))) << "cut before its end";
    EXPECT_FALSE(whole(filled(1000)));
    EXPECT_FALSE(whole(filled(100)));
    EXPECT_FALSE(whole(filled(0)));
    memory[1] = 0xd9;
    EXPECT_FALSE(whole(filled(2000)));
}

TEST(CaptureTime, IsTheDriversOnlyIfItsClockIsOurs) {
    using std::chrono::seconds;
    const Time now{seconds(100)};
    auto buffer = filled(1, V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC);
    buffer.timestamp = {99, 500'000};
    EXPECT_EQ(capture_time(buffer, now), Time{} + std::chrono::milliseconds(99'500));
    buffer.timestamp = {101, 0};
    EXPECT_EQ(capture_time(buffer, now), now) << "the future";
    buffer.timestamp = {0, 0};
    EXPECT_EQ(capture_time(buffer, now), now) << "not set";
    buffer.timestamp = {99, 0};
    buffer.flags = V4L2_BUF_FLAG_TIMESTAMP_COPY;
    EXPECT_EQ(capture_time(buffer, now), now);
    buffer.flags = V4L2_BUF_FLAG_TIMESTAMP_UNKNOWN;
    EXPECT_EQ(capture_time(buffer, now), now);
}

TEST(SequenceCounter, FollowsTheDriverThroughGapsAndWraps) {
    SequenceCounter counter;
    EXPECT_EQ(counter.next(5), 5U);
    EXPECT_EQ(counter.next(6), 6U);
    EXPECT_EQ(counter.next(9), 9U);
    SequenceCounter wraps;
    EXPECT_EQ(wraps.next(0xffffffff), 0xffffffffU);
    EXPECT_EQ(wraps.next(1), 0x100000001U);
}

TEST(SequenceCounter, CountsWhereTheDriverDoesNot) {
    SequenceCounter counter;
    EXPECT_EQ(counter.next(0), 0U);
    EXPECT_EQ(counter.next(0), 1U);
    EXPECT_EQ(counter.next(0), 2U);
    SequenceCounter backwards;
    EXPECT_EQ(backwards.next(7), 7U);
    EXPECT_EQ(backwards.next(3), 8U);
    EXPECT_EQ(backwards.next(4), 9U);
}

TEST(AcceptsV4l2, DevicesOnly) {
    const auto accepts = [](const char* device) {
        SourceRequest request;
        request.device = device;
        return accepts_v4l2(request);
    };
    EXPECT_TRUE(accepts(""));
    EXPECT_TRUE(accepts("/dev/video0"));
    EXPECT_TRUE(accepts("/dev/video99"));
    EXPECT_TRUE(accepts("2"));
    EXPECT_TRUE(accepts("/dev/null"));
    EXPECT_FALSE(accepts("2.mp4"));
    EXPECT_FALSE(accepts("clip.mp4"));
    EXPECT_FALSE(accepts("http://camera/stream"));
    EXPECT_FALSE(accepts("pattern"));
    EXPECT_FALSE(accepts("-1"));
}

}  // namespace
}  // namespace scrim
