#include "pipeline/camera_feeds.h"

#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "frame/picture.h"
#include "util/clock.h"
#include "util/error.h"

namespace scrim {
namespace {

class Feeds : public testing::Test {
  protected:
    void SetUp() override { std::filesystem::create_directories(folder_); }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static bool comes_true(const std::function<bool()>& condition) {
        const Time end = Clock::now() + std::chrono::seconds(20);
        while (!condition()) {
            if (Clock::now() > end) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return true;
    }

    std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                    ("feeds-" + std::to_string(getpid()) + "-" +
                                     testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(Feeds, ShowsTheNewestPicture) {
    CameraFeeds feeds(true);
    const auto feed = feeds.open("pattern", folder_);
    ASSERT_TRUE(comes_true([&] { return !feed->newest().empty(); }));
    const Frame first = feed->newest();
    EXPECT_EQ(first.width(), 1280);
    EXPECT_TRUE(comes_true([&] { return feed->newest().sequence > first.sequence + 2; }));
}

TEST_F(Feeds, IsSharedWhileSomebodyHoldsIt) {
    CameraFeeds feeds(true);
    const OpenCamera open = feeds.opener(folder_);
    auto one = open("pattern");
    const auto two = open("pattern");
    EXPECT_EQ(one, two);
    EXPECT_NE(open("pattern:1000"), one);
    one.reset();
    EXPECT_EQ(open("pattern"), two);
}

TEST_F(Feeds, FilesAreRelativeToTheFolderAndComeAtOnceWhereTimeIsNotPressing) {
    constexpr ColorTags tags{Matrix::bt601, Range::full};  // as pictures have it
    write_png(solid_frame(24, 18, tags, {90, 100, 140}), folder_ / "still.png");
    CameraFeeds feeds(false);
    const auto feed = feeds.open("still.png", folder_);
    const Frame picture = feed->newest();
    ASSERT_FALSE(picture.empty());
    EXPECT_EQ(picture.width(), 24);
    EXPECT_NEAR(picture.y.row(9)[9], 90, 1);
}

TEST_F(Feeds, SaysWhyItCannotOpen) {
    CameraFeeds feeds(true);
    EXPECT_THROW(feeds.open("nothing.png", folder_), Error);
    EXPECT_THROW(feeds.open("/dev/video987", folder_), Error);
    write_png(solid_frame(24, 18, {}, {90, 100, 140}), folder_ / "nothing.png");
    EXPECT_NO_THROW(feeds.open("nothing.png", folder_)) << "a failure is not remembered";
}

TEST_F(Feeds, ComesBackByItself) {
    CameraFeeds feeds(true);
    const auto feed = feeds.open("pattern:3", folder_);  // ends after a tenth of a second
    for (int round = 0; round < 2; ++round) {
        EXPECT_TRUE(comes_true([&] { return !feed->newest().empty(); })) << round;
        EXPECT_TRUE(comes_true([&] { return feed->newest().empty(); })) << round;
    }
}

TEST_F(Feeds, StopsSoon) {
    for (const std::string device : {"pattern", "pattern:1"}) {
        CameraFeeds feeds(true);
        auto feed = feeds.open(device, folder_);
        std::this_thread::sleep_for(std::chrono::milliseconds(150));  // the second one has ended
        const Time before = Clock::now();
        feed.reset();
        EXPECT_LT(Clock::now() - before, std::chrono::milliseconds(900)) << device;
    }
}

}  // namespace
}  // namespace scrim
