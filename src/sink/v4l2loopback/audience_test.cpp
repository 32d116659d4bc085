#include "sink/v4l2loopback/audience.h"

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace scrim {
namespace {

using std::chrono::milliseconds;

/// A process of our own that has a file open until it is ended.
class Viewer {
  public:
    explicit Viewer(const std::string& path) {
        pid_ = ::fork();
        if (pid_ != 0) return;
        const int fd = ::open(path.c_str(), O_RDONLY);
        if (fd < 0) ::_exit(1);
        while (true)
            ::pause();
    }
    Viewer(const Viewer&) = delete;
    Viewer& operator=(const Viewer&) = delete;
    ~Viewer() { end(); }
    void end() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

  private:
    pid_t pid_ = 0;
};

/// A file in the place of a device, and what was said of its audience.
class AudienceTest : public testing::Test {
  protected:
    void SetUp() override {
        path_ = testing::TempDir() + "scrim_audience_" + std::to_string(::getpid());
        std::ofstream(path_) << "a device";
    }
    void TearDown() override { std::filesystem::remove(path_); }

    auto callback() {
        return [this](bool watched) {
            const std::lock_guard lock(mutex_);
            said_.push_back(watched);
            moved_.notify_all();
        };
    }
    /// Whether that is what was said, within a generous time.
    bool says(const std::vector<bool>& all) {
        std::unique_lock lock(mutex_);
        return moved_.wait_for(lock, std::chrono::seconds(5), [&] { return said_ == all; });
    }
    std::vector<bool> said() {
        const std::lock_guard lock(mutex_);
        return said_;
    }

    std::string path_;
    std::mutex mutex_;
    std::condition_variable moved_;
    std::vector<bool> said_;
};

TEST_F(AudienceTest, ViewersComeAndGo) {
    const Audience audience(-1, path_, callback());
    EXPECT_TRUE(says({false}));
    Viewer first(path_);
    EXPECT_TRUE(says({false, true}));
    Viewer second(path_);
    std::this_thread::sleep_for(milliseconds(300));
    first.end();
    std::this_thread::sleep_for(milliseconds(300));
    EXPECT_EQ(said(), (std::vector{false, true})) << "one is still there";
    second.end();
    EXPECT_TRUE(says({false, true, false}));
}

TEST_F(AudienceTest, WhoIsThereFirstIsSeen) {
    const Viewer viewer(path_);
    while (holders_of(path_).others == 0)
        std::this_thread::sleep_for(milliseconds(5));
    const Audience audience(-1, path_, callback());
    EXPECT_TRUE(says({true}));
}

TEST_F(AudienceTest, QuestionsAreNotViewers) {
    const Audience audience(-1, path_, callback());
    EXPECT_TRUE(says({false}));
    for (int i = 0; i < 50; ++i) {
        Viewer viewer(path_);
        std::this_thread::sleep_for(milliseconds(2));
    }
    std::this_thread::sleep_for(milliseconds(400));
    EXPECT_EQ(said(), std::vector{false});
}

TEST_F(AudienceTest, SleepsWhileNothingHappens) {
    const auto used = [] {
        timespec time{};
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    };
    const Audience audience(-1, path_, callback());
    EXPECT_TRUE(says({false}));
    const auto before = used();
    std::this_thread::sleep_for(milliseconds(500));
    EXPECT_LT(used() - before, milliseconds(20));
}

TEST_F(AudienceTest, NothingIsSaidOfWhatCannotBeWatched) {
    const Audience audience(-1, path_ + "_missing", callback());
    std::this_thread::sleep_for(milliseconds(50));
    EXPECT_TRUE(said().empty());
}

TEST(Holders, AreCountedApart) {
    const std::string path = testing::TempDir() + "scrim_holders_" + std::to_string(::getpid());
    std::ofstream(path) << "a device";
    EXPECT_EQ(holders_of(path).own, 0);
    {
        const Fd first(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        const Fd second(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        EXPECT_EQ(holders_of(path).own, 2);
        EXPECT_EQ(holders_of(path).others, 0);
    }
    const Viewer viewer(path);
    for (int i = 0; i < 500 && holders_of(path).others == 0; ++i)
        std::this_thread::sleep_for(milliseconds(5));
    EXPECT_EQ(holders_of(path).others, 1);
    EXPECT_EQ(holders_of("/does/not/exist").others, 0);
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace scrim
