// The filters that play: image with animations, image_sequence and video.

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "filter/test_pictures.h"
#include "frame/picture.h"
#include "frame/test_animation.h"

namespace scrim {
namespace {

using std::chrono::milliseconds;

/// Pictures of one grey each: 20, 40, 60, ... tell them apart.
class Moving : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  fmt::format("scrim_moving_{}_{}", getpid(),
                              testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_ / "frames");
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static Picture gray(int number, int width = 8, int height = 6) {
        const auto level = static_cast<std::uint8_t>(20 * number);
        return test::solid_picture(width, height, {level, level, level, 255});
    }
    void write_clip(const std::string& name, const std::vector<int>& times, int width = 8,
                    int height = 6) const {
        std::vector<Picture> pictures;
        for (std::size_t i = 0; i < times.size(); ++i)
            pictures.push_back(gray(static_cast<int>(i) + 1, width, height));
        test::write_animation(folder_ / name, pictures, times);
    }
    void write_still(const std::string& name, int number) const {
        const auto level = static_cast<std::uint8_t>(20 * number);
        write_png(solid_frame(8, 6, {}, yuv_of_rgb(level, level, level, {})), folder_ / name);
    }
    std::unique_ptr<Filter> filter(const std::string& yaml, bool live = false) const {
        auto made = test::filter_of(yaml, frame_, folder_);
        if (live) {
            made->prepare({.width = frame_.width(),
                           .height = frame_.height(),
                           .tags = frame_.tags,
                           .live = true});
        }
        return made;
    }
    /// Which picture is shown; 0 = none of them.
    int shown(Filter& filter, Duration time) const {
        Frame out = frame_;
        FrameContext context;
        context.time = time;
        filter.apply(out, context);
        EXPECT_EQ(out.width(), frame_.width());
        for (int number = 1; number <= 12; ++number) {
            const int level = 20 * number;
            const int luma = yuv_of_rgb(level, level, level, {}).y;
            if (std::abs(out.y.row(3)[4] - luma) <= 2) return number;
        }
        return 0;
    }
    bool is_checkerboard(Filter& filter) const {
        Frame out = frame_;
        filter.apply(out, {});
        return out.opaque() && !test::is_filled(out.y, out.y.row(0)[0]) &&
               test::is_filled(out.u, 128) && test::is_filled(out.v, 128);
    }
    std::string shown_every(Filter& filter, Duration step, int count) const {
        std::string all;
        for (int i = 0; i < count; ++i)
            all += fmt::format("{:x}", shown(filter, i * step));
        return all;
    }
    bool becomes(Filter& filter, Duration time, int number) const {
        for (int tries = 0; tries < 2000; ++tries) {
            if (shown(filter, time) == number) return true;
            std::this_thread::sleep_for(milliseconds(5));
        }
        return false;
    }

    std::filesystem::path folder_;
    Frame frame_ = test::noise_frame(16, 10, 1);
};

TEST_F(Moving, AnimationsPlayByTheirOwnTimes) {
    for (const std::string name : {"a.gif", "a.apng", "a.webp"}) {
        SCOPED_TRACE(name);
        write_clip(name, {100, 300, 100, 100});
        const auto image = filter(fmt::format(R"(["image", "{}"])", name));
        EXPECT_TRUE(image->traits().changes);
        EXPECT_EQ(image->missing(), "");
        EXPECT_EQ(shown_every(*image, milliseconds(100), 6), "122234");
        EXPECT_EQ(shown(*image, milliseconds(99)), 1);
        EXPECT_EQ(shown(*image, milliseconds(250)), 2) << "time may run backwards";
    }
    write_clip("loop.gif", {100, 300, 100, 100});
    const auto image = filter(R"(["image", "loop.gif"])");
    EXPECT_EQ(shown(*image, milliseconds(600)), 1) << "in a loop";
    EXPECT_EQ(shown(*image, std::chrono::hours(10) + milliseconds(400)), 3);
}

TEST_F(Moving, APictureThatDoesNotMoveIsStatic) {
    write_still("a.png", 3);
    write_clip("one.gif", {100});
    for (const std::string yaml : {R"(["image", "a.png"])", R"(["image", "one.gif"])",
                                   R"(["video", "a.png"])", R"(["video", "one.gif"])"}) {
        EXPECT_FALSE(filter(yaml)->traits().changes) << yaml;
        EXPECT_FALSE(filter(yaml, true)->traits().changes) << yaml;
    }
}

TEST_F(Moving, ASequenceGoesByNameAndTime) {
    write_still("frames/10.png", 2);
    write_still("frames/9.png", 4);
    write_still("frames/1.png", 1);
    write_still("frames/B.png", 5);
    write_still("frames/a.PNG", 6);
    write_still("frames/2.png", 3);
    write_still("frames/.hidden.png", 9);
    std::ofstream(folder_ / "frames" / "notes.txt") << "no picture";
    std::filesystem::create_directory(folder_ / "frames" / "c");
    const auto sequence = filter(R"(["image_sequence", "frames", 5])");
    EXPECT_TRUE(sequence->traits().changes);
    EXPECT_EQ(sequence->missing(), "");
    EXPECT_EQ(shown_every(*sequence, milliseconds(100), 14), "11223344556611");
    const auto files = sequence->files();
    ASSERT_EQ(files.size(), 7U);
    EXPECT_EQ(files[0], folder_ / "frames");
    EXPECT_EQ(files[2], folder_ / "frames" / "10.png");
}

TEST_F(Moving, ASequenceLeavesOutWhatCannotBeRead) {
    write_still("frames/1.png", 1);
    std::ofstream(folder_ / "frames" / "2.png") << "broken";
    write_still("frames/3.png", 3);
    std::ofstream(folder_ / "frames" / "4.png") << "";
    const auto sequence = filter(R"(["image_sequence", {images_path: frames, fps: 10}])");
    EXPECT_EQ(shown_every(*sequence, milliseconds(100), 4), "1313");
    EXPECT_EQ(sequence->missing(),
              fmt::format("cannot open {}: it is not a picture, or it is damaged or cut short (and "
                          "1 more)",
                          (folder_ / "frames" / "2.png").string()));
}

TEST_F(Moving, AFolderWithoutPicturesIsMissing) {
    const auto complaint = [&](const std::string& name) {
        const auto sequence = filter(fmt::format(R"(["image_sequence", "{}"])", name));
        EXPECT_FALSE(sequence->traits().changes);
        EXPECT_TRUE(is_checkerboard(*sequence));
        return sequence->missing();
    };
    const std::string place = "cannot open " + folder_.string();
    EXPECT_EQ(complaint("frames"), place + "/frames: there are no pictures in the folder");
    EXPECT_EQ(complaint("none"), place + "/none: there is no such folder");
    std::ofstream(folder_ / "frames" / "1.png") << "broken";
    EXPECT_EQ(complaint("frames"),
              place + "/frames/1.png: it is not a picture, or it is damaged or cut short");
}

TEST_F(Moving, AVideoPlaysAsFastAsItsFileSays) {
    write_clip("a.mkv", {100, 100, 100, 100, 100, 100});
    for (const std::string lazy : {"true", "false"}) {
        SCOPED_TRACE(lazy);
        const auto video = filter(fmt::format(R"(["video", "a.mkv", {{lazy: {}}}])", lazy));
        EXPECT_TRUE(video->traits().changes);
        EXPECT_EQ(shown_every(*video, milliseconds(100), 13), "1234561234561");
        const auto slow = filter(fmt::format(R"(["video", "a.mkv", 5, {{lazy: {}}}])", lazy));
        EXPECT_EQ(shown_every(*slow, milliseconds(100), 13), "1133551133551");
        const auto all = filter(fmt::format(R"(["video", "a.mkv", 0, {{lazy: {}}}])", lazy));
        EXPECT_EQ(shown_every(*all, milliseconds(100), 7), "1234561");
        // frames of a camera at 30/s, whose times are cut to nanoseconds
        const auto thirds = filter(fmt::format(R"(["video", "a.mkv", {{lazy: {}}}])", lazy));
        EXPECT_EQ(shown_every(*thirds, std::chrono::nanoseconds(33'333'333), 12), "111222333444");
    }
}

TEST_F(Moving, DecodingGoesToAnyTime) {
    write_clip("a.mkv", {100, 100, 100, 100, 100, 100});
    const auto video = filter(R"(["video", "a.mkv"])");
    EXPECT_EQ(shown(*video, milliseconds(400)), 5);
    EXPECT_EQ(shown(*video, milliseconds(100)), 2);
    EXPECT_EQ(shown(*video, milliseconds(1400)), 3);
    EXPECT_EQ(shown(*video, std::chrono::hours(1000) + milliseconds(300)), 4);
    EXPECT_EQ(shown(*video, milliseconds(-100)), 1);
}

/// Larger than what is held in memory, so that it is decoded again as it plays.
TEST_F(Moving, LongAnimationsPlayLikeShortOnes) {
    frame_ = test::noise_frame(4096, 2160, 1);
    write_clip("a.gif", std::vector<int>(12, 100));
    const auto image = filter(R"(["image", "a.gif"])");
    EXPECT_TRUE(image->traits().changes);
    EXPECT_EQ(shown_every(*image, milliseconds(300), 9), "147a147a1");
    for (int i = 1; i <= 12; ++i)
        write_still(fmt::format("frames/{:02}.png", i), i);
    const auto sequence = filter(R"(["image_sequence", "frames"])");
    EXPECT_EQ(shown_every(*sequence, milliseconds(300), 9), "147a147a1");
}

TEST_F(Moving, LiveVideosAreDecodedAhead) {
    write_clip("a.mkv", {100, 100, 100, 100, 100, 100});
    const auto video = filter(R"(["video", "a.mkv"])", true);
    EXPECT_TRUE(video->traits().changes);
    EXPECT_EQ(shown(*video, milliseconds(0)), 1);
    EXPECT_TRUE(becomes(*video, milliseconds(100), 2));
    EXPECT_TRUE(becomes(*video, milliseconds(200), 3));
    EXPECT_TRUE(becomes(*video, milliseconds(500), 6));
    // who was away for a while goes on with whatever comes next
    const int next = shown(*video, std::chrono::seconds(100));
    EXPECT_GT(next, 0);
    bool moved = false;
    for (int i = 0; i < 2000 && !moved; ++i) {
        moved = shown(*video, std::chrono::seconds(100) + i * milliseconds(10)) != next;
        std::this_thread::sleep_for(milliseconds(1));
    }
    EXPECT_TRUE(moved);
}

TEST_F(Moving, LiveVideosStopSoonAndNeverMakeAnybodyWait) {
    write_clip("a.mkv", std::vector<int>(12, 40), 1280, 720);
    for (int round = 0; round < 5; ++round) {
        auto video = filter(R"(["video", "a.mkv", 0])", true);
        shown(*video, milliseconds(40 * round));
        const Time before = Clock::now();
        video.reset();
        EXPECT_LT(Clock::now() - before, std::chrono::seconds(2));
    }
}

TEST_F(Moving, FilesThatChangeWhileTheyPlayDoNoHarm) {
    const auto bytes = [&](const std::string& name) {
        std::ifstream in(folder_ / name, std::ios::binary);
        return std::string{std::istreambuf_iterator<char>(in), {}};
    };
    for (const bool live : {false, true}) {
        for (const std::string name : {"a.mkv", "a.gif", "a.webp"}) {
            SCOPED_TRACE(name);
            write_clip(name, std::vector<int>(6, 100), 64, 48);
            write_clip("other-" + name, std::vector<int>(3, 100), 20, 90);
            const std::string whole = bytes(name);
            const auto video = filter(fmt::format(R"(["video", "{}"])", name), live);
            int step = 0;
            const auto play = [&] {
                for (int i = 0; i < 14; ++i) {
                    EXPECT_GT(shown(*video, ++step * milliseconds(100)), 0);
                    if (live) std::this_thread::sleep_for(milliseconds(2));
                }
            };
            play();
            std::ofstream(folder_ / name, std::ios::binary) << whole.substr(0, whole.size() / 2);
            play();
            std::filesystem::rename(folder_ / ("other-" + name), folder_ / name);
            play();
            std::filesystem::remove(folder_ / name);
            play();
            std::filesystem::create_directory(folder_ / name);
            play();
            std::filesystem::remove(folder_ / name);
        }
    }
}

TEST_F(Moving, AVideoThatIsNoneIsMissing) {
    std::ofstream(folder_ / "a.mp4") << "this is not a video";
    for (const std::string name : {"a.mp4", "none.mp4", "frames"}) {
        const auto video = filter(fmt::format(R"(["video", "{}"])", name));
        EXPECT_NE(video->missing().find((folder_ / name).string()), std::string::npos);
        EXPECT_FALSE(video->traits().changes);
        EXPECT_TRUE(is_checkerboard(*video));
    }
    write_clip("a.mkv", {100, 100});
    EXPECT_NE(filter(R"(["image", "a.mkv"])")->missing(), "") << "videos are for video";
}

TEST_F(Moving, VideosFitAndTakeTheTagsOfTheStream) {
    frame_ = test::noise_frame(40, 40, 1, {Matrix::bt709, Range::full});
    std::vector<Picture> pictures(2, test::solid_picture(40, 20, {200, 40, 90, 255}));
    test::write_animation(folder_ / "a.mkv", pictures, {100, 100});
    const auto expected = yuv_of_rgb(200, 40, 90, frame_.tags);
    for (const std::string fit : {"cover", "contain", "stretch"}) {
        Frame out = frame_;
        filter(fmt::format(R"(["video", "a.mkv", {{fit: {}}}])", fit))->apply(out, {});
        EXPECT_NEAR(out.y.row(20)[20], expected.y, 2) << fit;
        EXPECT_NEAR(out.u.row(10)[10], expected.u, 2) << fit;
        EXPECT_NEAR(out.v.row(10)[10], expected.v, 2) << fit;
        EXPECT_EQ(out.opaque(), fit != "contain");
    }
}

}  // namespace
}  // namespace scrim
