#include "sink/v4l2loopback/v4l2loopback_sink.h"

#include <string>

#include <gmock/gmock.h>

namespace scrim {
namespace {

using testing::HasSubstr;

SinkRequest request(const std::string& target, int width = 640, int height = 360) {
    SinkRequest result;
    result.target = target;
    result.width = width;
    result.height = height;
    return result;
}

std::string error_of(const SinkRequest& wanted) {
    try {
        open_v4l2loopback(wanted);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(V4l2Loopback, AcceptsDevicesOnly) {
    EXPECT_TRUE(accepts_v4l2loopback(request("")));
    EXPECT_TRUE(accepts_v4l2loopback(request("/dev/video10")));
    EXPECT_TRUE(accepts_v4l2loopback(request("10")));
    EXPECT_FALSE(accepts_v4l2loopback(request("out.mp4")));
    EXPECT_FALSE(accepts_v4l2loopback(request("null")));
    EXPECT_FALSE(accepts_v4l2loopback(request("-")));
}

TEST(V4l2Loopback, TagsAreWhatReadersAssume) {
    const ColorTags assumed{Matrix::bt601, Range::limited};
    EXPECT_EQ(v4l2loopback_tags({Matrix::bt709, Range::full}), assumed);
    EXPECT_EQ(v4l2loopback_tags(assumed), assumed);
}

TEST(V4l2Loopback, SaysWhatIsWrongWithTheTarget) {
    EXPECT_THAT(error_of(request("/dev/video4711")), HasSubstr("no such device"));
    EXPECT_THAT(error_of(request("/dev/null")), HasSubstr("/dev/null is no virtual camera"));
    EXPECT_THAT(error_of(request("", 641, 360)), HasSubstr("even width and height, not 641x360"));
    EXPECT_THAT(error_of(request("", 640, 361)), HasSubstr("even width and height"));
    EXPECT_THAT(error_of(request("", 0, 0)), HasSubstr("even width and height"));
}

}  // namespace
}  // namespace scrim
