#include "sink/v4l2loopback/attendance.h"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

namespace scrim {
namespace {

using std::chrono::milliseconds;

/// A device whose holders are looked at whenever the attendance wants to.
class AttendanceTest : public testing::Test {
  protected:
    void start(bool driver_tells, const Holders& at_start = {}) {
        holders_ = at_start;
        attendance_.emplace(driver_tells, holders_, now_);
    }
    void open(bool told = true, bool visible = true) {
        holders_.others += visible ? 1 : 0;
        if (told) attendance_->opened(now_);
        pass(milliseconds(0));
    }
    void close(bool told = true, bool visible = true) {
        holders_.others -= visible ? 1 : 0;
        if (told) attendance_->closed(now_);
        pass(milliseconds(0));
    }
    void pass(Duration duration) {
        const Time until = now_ + duration;
        for (auto look = attendance_->next_look(); look && *look <= until;
             look = attendance_->next_look()) {
            now_ = std::max(now_, *look);
            attendance_->seen(holders_, now_);
            ++looks_;
        }
        now_ = until;
    }
    bool watched() const { return attendance_->watched(); }

    Time now_{std::chrono::seconds(1000)};
    Holders holders_;
    std::optional<Attendance> attendance_;
    int looks_ = 0;
};

TEST_F(AttendanceTest, WhoStaysWatches) {
    start(false);
    EXPECT_FALSE(watched());
    open();
    EXPECT_FALSE(watched());
    pass(milliseconds(250));
    EXPECT_TRUE(watched());
    close();
    EXPECT_FALSE(watched()) << "at once";
}

TEST_F(AttendanceTest, QuestionsAreNotWatching) {
    start(false);
    for (int i = 0; i < 100; ++i) {
        open();
        pass(milliseconds(5));
        close();
        pass(milliseconds(i));
        ASSERT_FALSE(watched());
    }
    EXPECT_FALSE(attendance_->next_look().has_value()) << "sleeps when nobody is there";
}

TEST_F(AttendanceTest, QuestionsDoNotHideAViewer) {
    start(false);
    open();
    for (int i = 0; i < 4; ++i) {
        open();
        pass(milliseconds(80));
        close();
    }
    EXPECT_TRUE(watched());
    open();
    close();
    EXPECT_TRUE(watched());
    close();
    EXPECT_FALSE(watched());
}

TEST_F(AttendanceTest, OneQuestionAfterTheOtherIsNotWatching) {
    start(false);
    for (int process = 1; process <= 100; ++process) {
        holders_.who = {process};
        open();
        pass(milliseconds(5));
        close();
        ASSERT_FALSE(watched());
    }
    // A viewer among them is found all the same.
    constexpr int viewer = 200;
    open();
    for (int process = 101; process <= 180; ++process) {
        holders_.who = {process, viewer};
        open();
        pass(milliseconds(5));
        close();
    }
    EXPECT_TRUE(watched());
}

TEST_F(AttendanceTest, JoinedEventsMissNobody) {
    start(false);
    // Two open, inotify tells of one; then one closes.
    open(false);
    open();
    close();
    pass(milliseconds(400));
    EXPECT_TRUE(watched());
    open();
    close(false);
    close();
    EXPECT_FALSE(watched());
    EXPECT_FALSE(attendance_->next_look().has_value());
}

TEST_F(AttendanceTest, WhoWasThereFirstWatches) {
    start(false, {.others = 2, .own = 1});
    EXPECT_TRUE(watched());
    close();
    EXPECT_TRUE(watched());
    close();
    EXPECT_FALSE(watched());
}

TEST_F(AttendanceTest, WhoCannotBeSeenIsBelieved) {
    start(false, {.own = 1, .hidden = true});
    open(true, false);
    pass(milliseconds(200));
    EXPECT_TRUE(watched());
    pass(std::chrono::minutes(1));
    EXPECT_TRUE(watched());
    close(true, false);
    EXPECT_FALSE(watched());
    // One that can be seen besides one that cannot; the close of the former is not told.
    open(true, false);
    pass(milliseconds(200));
    open();
    pass(milliseconds(200));
    close(false);
    pass(std::chrono::minutes(1));
    EXPECT_TRUE(watched());
    close(true, false);
    EXPECT_FALSE(watched());
}

TEST_F(AttendanceTest, AWrongCountHeals) {
    start(false, {.own = 1, .hidden = true});
    open();
    pass(milliseconds(200));
    EXPECT_TRUE(watched());
    close(false);
    pass(std::chrono::seconds(11));
    EXPECT_FALSE(watched()) << "it was seen before, so it is not hidden but gone";
}

TEST_F(AttendanceTest, OursAreNotViewers) {
    start(false, {.own = 1});
    ++holders_.own;
    attendance_->opened(now_);
    pass(milliseconds(300));
    EXPECT_FALSE(watched());
    open();
    pass(milliseconds(300));
    EXPECT_TRUE(watched());
}

TEST_F(AttendanceTest, TheDriversWordCountsAtOnce) {
    start(true);
    open();
    attendance_->streaming(true);
    EXPECT_TRUE(watched());
    pass(std::chrono::seconds(3));
    attendance_->streaming(false);
    EXPECT_FALSE(watched());
    pass(std::chrono::minutes(1));
    EXPECT_FALSE(watched()) << "it stays open, but the camera was switched off";
    close();
    open();
    pass(milliseconds(1200));
    EXPECT_TRUE(watched()) << "somebody who reads without a stream";
    close();
    EXPECT_FALSE(watched());
}

TEST_F(AttendanceTest, TheStreamMayEndAfterTheClose) {
    start(true);
    open();
    attendance_->streaming(true);
    close();
    EXPECT_TRUE(watched());
    attendance_->streaming(false);
    EXPECT_FALSE(watched());
    open();
    pass(milliseconds(1200));
    EXPECT_TRUE(watched()) << "the next one, who reads without a stream";
}

TEST_F(AttendanceTest, LongQuestionsAreNotWatchingWhereTheDriverTells) {
    start(true, {.others = 1, .own = 1});
    EXPECT_FALSE(watched());
    pass(milliseconds(900));
    EXPECT_FALSE(watched());
    close();
    open();
    pass(milliseconds(900));
    close();
    pass(milliseconds(900));
    EXPECT_FALSE(watched());
}

}  // namespace
}  // namespace scrim
