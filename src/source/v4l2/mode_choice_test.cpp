#include "source/v4l2/mode_choice.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <linux/videodev2.h>

namespace scrim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using v4l2::Mode;

constexpr auto yuyv = V4L2_PIX_FMT_YUYV;
constexpr auto nv12 = V4L2_PIX_FMT_NV12;
constexpr auto yu12 = V4L2_PIX_FMT_YUV420;
constexpr auto mjpg = V4L2_PIX_FMT_MJPEG;
constexpr auto grey = V4L2_PIX_FMT_GREY;
constexpr auto rgb3 = V4L2_PIX_FMT_RGB24;
constexpr auto h264 = V4L2_PIX_FMT_H264;
constexpr auto hevc = V4L2_PIX_FMT_HEVC;

Mode mode(std::uint32_t fourcc, int width, int height, const std::vector<std::uint32_t>& rates) {
    Mode result{fourcc, width, height, {}, false};
    for (const auto rate : rates)
        result.rates.push_back({rate, 1});
    return result;
}

/// An everyday USB 2 webcam: large raw pictures come slowly.
const std::vector<Mode> usb_webcam{
    mode(yuyv, 640, 480, {30, 15}), mode(yuyv, 320, 240, {30}),      mode(yuyv, 1280, 720, {10, 5}),
    mode(mjpg, 640, 480, {60, 30}), mode(mjpg, 1280, 720, {60, 30}), mode(mjpg, 1920, 1080, {30}),
};

struct Case {
    std::string name;
    std::vector<Mode> modes;
    SourceRequest request;
    std::string chosen;  // "YUYV 640x480 30"
};

SourceRequest asked(std::optional<int> width, std::optional<int> height,
                    std::optional<double> fps = {}, MjpegChoice mjpeg = MjpegChoice::automatic) {
    SourceRequest request;
    request.width = width;
    request.height = height;
    request.fps = fps;
    request.mjpeg = mjpeg;
    return request;
}

SourceRequest with_mjpeg(MjpegChoice mjpeg) {
    return asked({}, {}, {}, mjpeg);
}

std::string in_words(const ModeChoice& choice) {
    return fmt::format("{} {}x{} {:.4g}", name_of(choice.format), choice.width, choice.height,
                       choice.rate.value());
}

class ModeChoiceTest : public testing::TestWithParam<Case> {};

TEST_P(ModeChoiceTest, Chooses) {
    const auto& c = GetParam();
    const auto choice = choose_mode(c.modes, c.request);
    ASSERT_TRUE(choice.has_value());
    EXPECT_EQ(in_words(*choice), c.chosen);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ModeChoiceTest,
    testing::Values(
        Case{"nothing_asked", usb_webcam, {}, "mjpeg 1280x720 30"},
        Case{"large", usb_webcam, asked(1920, 1080), "mjpeg 1920x1080 30"},
        Case{"raw_keeps_up", usb_webcam, asked(640, 480), "yuyv 640x480 30"},
        Case{"raw_too_slow", usb_webcam, asked(1280, 720, 30), "mjpeg 1280x720 30"},
        Case{"raw_fast_enough_for_ten", usb_webcam, asked(1280, 720, 10), "yuyv 1280x720 10"},
        Case{"sixty_only_as_mjpeg", usb_webcam, asked(640, 480, 60), "mjpeg 640x480 60"},
        Case{"rate_between", usb_webcam, asked(640, 480, 20), "yuyv 640x480 30"},
        Case{"slower_than_all", usb_webcam, asked(640, 480, 5), "yuyv 640x480 15"},
        Case{"too_fast_for_all", usb_webcam, asked(1920, 1080, 120), "mjpeg 1920x1080 30"},
        Case{"nearest_size", usb_webcam, asked(700, 500), "yuyv 640x480 30"},
        Case{"only_width", usb_webcam, asked(1280, {}), "mjpeg 1280x720 30"},
        Case{"only_height", usb_webcam, asked({}, 480), "yuyv 640x480 30"},
        Case{"only_fps", usb_webcam, asked({}, {}, 60), "mjpeg 1280x720 60"},
        Case{"no_mjpeg", usb_webcam, with_mjpeg(MjpegChoice::no), "yuyv 640x480 30"},
        Case{"no_mjpeg_large", usb_webcam, asked(1280, 720, {}, MjpegChoice::no),
             "yuyv 1280x720 10"},
        Case{"mjpeg_forced", usb_webcam, asked(640, 480, {}, MjpegChoice::yes), "mjpeg 640x480 30"},
        Case{"mjpeg_absent",
             {mode(yuyv, 640, 480, {30})},
             with_mjpeg(MjpegChoice::yes),
             "yuyv 640x480 30"},
        Case{"mjpeg_is_all_there_is",
             {mode(mjpg, 640, 480, {30})},
             with_mjpeg(MjpegChoice::no),
             "mjpeg 640x480 30"},
        Case{"cheapest_raw_format",
             {mode(yuyv, 640, 480, {30}), mode(nv12, 640, 480, {30}), mode(yu12, 640, 480, {30})},
             {},
             "yu12 640x480 30"},
        Case{
            "nv12_before_yuyv",
            {mode(mjpg, 1280, 720, {30}), mode(yuyv, 1280, 720, {30}), mode(nv12, 1280, 720, {30})},
            {},
            "nv12 1280x720 30"},
        Case{"faster_raw_wins",
             {mode(yu12, 1280, 720, {15}), mode(yuyv, 1280, 720, {30})},
             {},
             "yuyv 1280x720 30"},
        Case{"grey_last",
             {mode(grey, 1280, 720, {30}), mode(yuyv, 320, 240, {10})},
             {},
             "yuyv 320x240 10"},
        Case{"only_grey", {mode(grey, 640, 360, {15})}, {}, "gray 640x360 15"},
        Case{"rgb_before_grey",
             {mode(grey, 640, 480, {30}), mode(rgb3, 640, 480, {30})},
             {},
             "rgb24 640x480 30"},
        Case{"flowing_before_large",
             {mode(yuyv, 1280, 720, {10}), mode(yuyv, 640, 480, {30})},
             {},
             "yuyv 640x480 30"},
        Case{"a_little_slower_is_fine",
             {mode(yuyv, 1280, 720, {25}), mode(yuyv, 640, 480, {30})},
             {},
             "yuyv 1280x720 25"},
        Case{"all_slow",
             {mode(yuyv, 1280, 720, {10}), mode(yuyv, 640, 480, {10})},
             {},
             "yuyv 1280x720 10"},
        Case{"larger_of_two_as_near",
             {mode(yuyv, 600, 400, {30}), mode(yuyv, 680, 400, {30})},
             asked(640, 400),
             "yuyv 680x400 30"},
        Case{"rates_unknown",
             {mode(mjpg, 1280, 720, {30}), mode(yuyv, 1280, 720, {})},
             {},
             "yuyv 1280x720 0"},
        Case{"unreadable_formats_passed_over",
             {mode(hevc, 1280, 720, {30}), mode(yuyv, 640, 480, {30})},
             {},
             "yuyv 640x480 30"},
        Case{"h264_after_mjpeg",
             {mode(h264, 1280, 720, {30}), mode(mjpg, 1280, 720, {30})},
             {},
             "mjpeg 1280x720 30"},
        Case{"h264_where_it_is_faster",
             {mode(h264, 1280, 720, {30}), mode(mjpg, 1280, 720, {10}), mode(yuyv, 640, 480, {15})},
             {},
             "h264 1280x720 30"},
        Case{"h264_before_grey",
             {mode(grey, 1280, 720, {30}), mode(h264, 640, 480, {30})},
             {},
             "h264 640x480 30"},
        Case{"h264_instead_of_mjpeg",
             {mode(h264, 1280, 720, {30}), mode(mjpg, 1280, 720, {30})},
             with_mjpeg(MjpegChoice::no),
             "h264 1280x720 30"},
        Case{"within_a_range",
             {{yuyv, 1280, 720, {{1, 1}, {60, 1}}, true}},
             asked(1280, 720, 24),
             "yuyv 1280x720 24"},
        Case{"above_a_range",
             {{yuyv, 1280, 720, {{5, 1}, {60, 1}}, true}},
             asked(1280, 720, 90),
             "yuyv 1280x720 60"},
        Case{"below_a_range",
             {{yuyv, 1280, 720, {{5, 1}, {60, 1}}, true}},
             asked(1280, 720, 1),
             "yuyv 1280x720 5"},
        Case{"ntsc_is_thirty",
             {{yuyv, 1280, 720, {{30000, 1001}}, false}, mode(mjpg, 1280, 720, {30})},
             asked(1280, 720, 30),
             "yuyv 1280x720 29.97"}),
    [](const auto& instance) { return instance.param.name; });

TEST(ModeChoice, NothingWithoutAReadableFormat) {
    EXPECT_FALSE(choose_mode({}, {}).has_value());
    const std::vector<Mode> modes{mode(hevc, 1280, 720, {30}),
                                  {V4L2_PIX_FMT_BGR24, 0, 0, {}, false}};
    EXPECT_FALSE(choose_mode(modes, {}).has_value());
}

TEST(ModeChoice, SaysNothingWhereItGivesWhatWasAsked) {
    EXPECT_THAT(choose_mode(usb_webcam, {})->notes, IsEmpty());
    EXPECT_THAT(choose_mode(usb_webcam, asked(1280, 720, 30))->notes, IsEmpty());
}

TEST(ModeChoice, SaysWhatIsDifferent) {
    EXPECT_THAT(choose_mode(usb_webcam, asked(700, 500, 90))->notes,
                ElementsAre("the camera has no 700x500; 640x480 is nearest",
                            "the camera gives 60 pictures a second at 640x480, not 90"));
    EXPECT_THAT(choose_mode(usb_webcam, asked(1920, 1080, {}, MjpegChoice::no))->notes,
                ElementsAre("the camera has no 1920x1080 without MJPEG; 1280x720 is nearest"));
    EXPECT_THAT(
        choose_mode(std::vector{mode(yuyv, 640, 480, {30})}, with_mjpeg(MjpegChoice::yes))->notes,
        ElementsAre(HasSubstr("no MJPEG")));
    EXPECT_THAT(
        choose_mode(std::vector{mode(mjpg, 640, 480, {30})}, with_mjpeg(MjpegChoice::no))->notes,
        ElementsAre(HasSubstr("nothing but MJPEG")));
}

}  // namespace
}  // namespace scrim
