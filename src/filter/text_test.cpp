#include "filter/text.h"

#include <chrono>
#include <ctime>

#include <gtest/gtest.h>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

using test::filtered;

struct Box {
    int left, top, right, bottom;
};

/// Where something is visible.
Box visible(const Frame& frame) {
    Box box{frame.width(), frame.height(), -1, -1};
    for (int y = 0; y < frame.height(); ++y) {
        for (int x = 0; x < frame.width(); ++x) {
            if (frame.alpha.row(y)[x] == 0) continue;
            box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x),
                   std::max(box.bottom, y)};
        }
    }
    return box;
}

Frame nothing(int width, int height, ColorTags tags = {}) {
    return solid_frame(width, height, tags, yuv_of_rgb(0, 0, 0, tags), 0);
}

bool same(const Frame& a, const Frame& b) {
    return test::difference(a, b) == 0;
}

TEST(Text, IsDrawnInItsColourWithAnOutline) {
    for (const ColorTags tags : {ColorTags{}, ColorTags{Matrix::bt709, Range::full}}) {
        // a full block is a solid rectangle
        const Frame out = filtered(R"(["text", "█", 10, 10, 100, 250, 40, 60, {anchor: top_left}])",
                                   nothing(200, 200, tags));
        const Box box = visible(out);
        const int x = (box.left + box.right) / 2;
        const int y = (box.top + box.bottom) / 2;
        const YuvColor color = yuv_of_rgb(250, 40, 60, tags);
        EXPECT_EQ(out.alpha.row(y)[x], 255);
        EXPECT_NEAR(out.y.row(y)[x], color.y, 2);
        const int chroma_x = x / 2;
        const int chroma_y = y / 2;
        EXPECT_NEAR(out.u.row(chroma_y)[chroma_x], color.u, 2);
        EXPECT_NEAR(out.v.row(chroma_y)[chroma_x], color.v, 2);
        EXPECT_NEAR(out.y.row(y)[box.left + 3], yuv_of_rgb(0, 0, 0, tags).y, 3) << "outline";
    }
}

TEST(Text, HasABrightOutlineWhereItIsDark) {
    const Frame out =
        filtered(R"(["text", "█", 10, 10, 100, 0, 0, 0, {anchor: top_left}])", nothing(200, 200));
    const Box box = visible(out);
    const int y = (box.top + box.bottom) / 2;
    EXPECT_NEAR(out.y.row(y)[box.left + 3], 235, 3);
}

TEST(Text, StandsAtItsAnchor) {
    const auto box_at = [](const char* anchor) {
        return visible(filtered(
            fmt::format(R"(["text", "X", 20, 30, 40, {{anchor: {}, background: 0.5}}])", anchor),
            nothing(301, 201)));
    };
    const Box top_left = box_at("top_left");
    EXPECT_EQ(top_left.left, 20);
    EXPECT_EQ(top_left.top, 30);
    const Box bottom_right = box_at("bottom_right");
    EXPECT_EQ(bottom_right.right, 301 - 20 - 1);
    EXPECT_EQ(bottom_right.bottom, 201 - 30 - 1);
    const Box center = box_at("center");
    EXPECT_NEAR(center.left + center.right, 300 + 2 * 20, 2);
    EXPECT_NEAR(center.top + center.bottom, 200 + 2 * 30, 2);
    const Box right = box_at("right");
    EXPECT_EQ(right.right, bottom_right.right);
    EXPECT_EQ(right.top, center.top);
    EXPECT_EQ(box_at("bottom").left, center.left);
    EXPECT_EQ(box_at("top_right").top, top_left.top);
    EXPECT_EQ(box_at("bottom_left").left, box_at("left").left);
    EXPECT_EQ(box_at("top").right, center.right);
}

TEST(Text, GoesOntoAPictureAndLeavesTheRest) {
    const Frame frame = test::noise_frame(120, 80, 3);
    const Frame out = filtered(R"(["text", "Ab", 10, 10, 24, {anchor: top_left}])", frame);
    EXPECT_TRUE(out.opaque());
    EXPECT_NE(test::difference(out.y, frame.y), 0);
    for (int y = 60; y < 80; ++y) {
        for (int x = 0; x < 120; ++x)
            ASSERT_EQ(out.y.row(y)[x], frame.y.row(y)[x]);
    }
}

TEST(Text, BreaksLines) {
    const auto height = [](const char* text) {
        const Box box =
            visible(filtered(fmt::format(R"(["text", "{}", 0, 0, 20])", text), nothing(200, 200)));
        return box.bottom - box.top;
    };
    EXPECT_GT(height(R"(X\nX)"), 2 * height("X"));
    EXPECT_GT(height("XXXXX XXXXX XXXXX XXXXX"), 2 * height("X")) << "too long for the frame";
    EXPECT_GT(height("XXXXXXXXXXXXXXXXXXXXXXX"), 2 * height("X"))
        << "and cannot be broken at a space";
}

TEST(Text, TakesEveryScript) {
    for (const char* const text :
         {"Grüße, мир", "שלום", "مرحبا", "你好", "🙂", "a\xCC\x88", R"(\x01\x02)"}) {
        filtered(fmt::format(R"(["text", "{}", {{anchor: center}}])", text), nothing(200, 100));
    }
    EXPECT_GT(visible(filtered(R"(["text", "שלום עולם"])", nothing(200, 100))).right, 0);
}

TEST(Text, TakesAnythingWithoutHarm) {
    const Frame frame = nothing(64, 48);
    for (const char* const filter :
         {R"(["text", ""])", R"(["text", " "])", R"(["text", "%"])", R"(["text", "%%"])",
          R"(["text", "%Q%!%E"])", R"(["text", "%9999999d"])", R"(["text", "X", 16384, 16384])",
          R"(["text", "X", -16384, -16384])", R"(["text", "W", {size: 1000}])",
          R"(["text", "X", {font: "no such font, nor this"}])", R"(["text", "X", {font: ""}])",
          R"(["text", "X", {opacity: 0, outline: 100, background: 1}])"}) {
        EXPECT_EQ(filtered(filter, frame).width(), 64) << filter;
    }
    EXPECT_TRUE(same(filtered(R"(["text", ""])", frame), frame));
    const std::string most(1000, 'x');
    filtered(fmt::format(R"(["text", "{}"])", most), frame);
    EXPECT_THROW(filtered(fmt::format(R"(["text", "{}x"])", most), frame), Error);
    std::string overflow;
    for (int i = 0; i < 500; ++i)
        overflow += "%c";
    filtered(fmt::format(R"(["text", "{}"])", overflow), frame);
}

TEST(Text, ChangesOnlyWithTheTime) {
    const Frame frame = nothing(64, 48);
    const auto changes = [&](const char* text) {
        return test::filter_of(fmt::format(R"(["text", "{}"])", text), frame)->traits().changes;
    };
    EXPECT_FALSE(changes("100 %%"));
    EXPECT_FALSE(changes("%"));
    EXPECT_FALSE(changes("%%H"));
    EXPECT_TRUE(changes("%H:%M"));
    EXPECT_TRUE(changes("%%%S"));
    const Frame percent = filtered(R"(["text", "5 %%", 0, 0, 20])", frame);
    EXPECT_TRUE(same(percent, filtered(R"(["text", "5 %", 0, 0, 20])", frame)));
    EXPECT_FALSE(same(percent, filtered(R"(["text", "5 %%%%", 0, 0, 20])", frame)));
}

Frame at(Filter& filter, const Frame& frame, Duration time) {
    FrameContext context;
    context.time = time;
    Frame out = frame;
    filter.apply(out, context);
    return out;
}

/// A file gets the time at which its work began plus its frames' own time, however quick it goes.
TEST(Text, GoesByTheTimeOfTheFrames) {
    using namespace std::chrono_literals;
    const Frame frame = nothing(100, 60);
    const auto filter = test::filter_of(R"(["text", "%S", 0, 0, 40])", frame);
    const Frame first = at(*filter, frame, 0s);
    EXPECT_TRUE(same(at(*filter, frame, 900ms), first));
    EXPECT_FALSE(same(at(*filter, frame, 1s), first));
    EXPECT_TRUE(same(at(*filter, frame, 60s), first));
}

TEST(Text, ShowsTheWallClockInACall) {
    const Frame frame = nothing(300, 60);
    const auto year = [] {
        const std::time_t now = std::time(nullptr);
        std::tm parts{};
        localtime_r(&now, &parts);
        return 1900 + parts.tm_year;
    };
    const auto filter = test::filter_of(R"(["text", "%Y", 0, 0, 40])", frame);
    filter->prepare(
        {.width = frame.width(), .height = frame.height(), .tags = frame.tags, .live = true});
    const int before = year();
    const Frame out = at(*filter, frame, std::chrono::hours(24 * 800));
    if (year() != before) GTEST_SKIP() << "happy new year";
    EXPECT_TRUE(same(out, filtered(fmt::format(R"(["text", "{}", 0, 0, 40])", before), frame)));
}

}  // namespace
}  // namespace scrim
