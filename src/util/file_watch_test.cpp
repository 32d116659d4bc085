#include "util/file_watch.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace scrim {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

/// Counts the changes that are told, on a thread of its own.
class FileWatches : public testing::Test {
  protected:
    void SetUp() override {
        fs::create_directories(folder_);
        write(folder_ / "file", "1");
        write(folder_ / "other", "1");
    }
    void TearDown() override {
        watch_.interrupt();
        thread_ = {};
        fs::remove_all(folder_);
    }

    static void write(const fs::path& path, const std::string& text) {
        std::ofstream(path) << text;
    }

    void watch(const fs::path& path) {
        watch_.watch({path});
        thread_ = std::jthread([this] {
            while (watch_.wait())
                ++told_;
        });
    }

    bool told() {
        const Time end = Clock::now() + std::chrono::seconds(20);
        while (told_ == seen_ && Clock::now() < end)
            std::this_thread::sleep_for(milliseconds(1));
        return std::exchange(seen_, told_.load()) != seen_;
    }
    bool silent() const {
        std::this_thread::sleep_for(milliseconds(200));
        return told_ == seen_;
    }

    fs::path folder_ = fs::path(testing::TempDir()) /
                       fmt::format("scrim_watch_{}_{}", ::getpid(),
                                   testing::UnitTest::GetInstance()->current_test_info()->name());
    FileWatch watch_;
    std::atomic<int> told_{0};
    int seen_ = 0;
    std::jthread thread_;
};

TEST_F(FileWatches, TellsOfEachWayToChangeAFile) {
    watch(folder_ / "file");
    write(folder_ / "file", "2");
    EXPECT_TRUE(told()) << "written";
    fs::rename(folder_ / "other", folder_ / "file");
    EXPECT_TRUE(told()) << "replaced";
    fs::remove(folder_ / "file");
    EXPECT_TRUE(told()) << "removed";
    write(folder_ / "file", "3");
    EXPECT_TRUE(told()) << "back";
    fs::last_write_time(folder_ / "file", fs::file_time_type::clock::now());
    EXPECT_TRUE(told()) << "touched";
    write(folder_ / "other", "4");
    EXPECT_TRUE(silent()) << "a neighbour";
}

TEST_F(FileWatches, WaitsForTheWriter) {
    watch(folder_ / "file");
    std::ofstream slow(folder_ / "file");
    for (int i = 0; i < 3; ++i) {
        slow << "a line\n" << std::flush;
        EXPECT_TRUE(silent());
    }
    slow.close();
    EXPECT_TRUE(told());
}

TEST_F(FileWatches, GivesUpOnAWriterThatNeverCloses) {
    watch(folder_ / "file");
    std::ofstream endless(folder_ / "file");
    endless << "a line\n" << std::flush;
    EXPECT_TRUE(told());
}

TEST_F(FileWatches, FollowsLinks) {
    fs::create_directory(folder_ / "a");
    fs::create_directory(folder_ / "b");
    write(folder_ / "a" / "file", "1");
    fs::create_directory_symlink("a", folder_ / "current");
    fs::create_symlink(folder_ / "current" / "file", folder_ / "link");
    watch(folder_ / "link");
    write(folder_ / "a" / "file", "2");
    EXPECT_TRUE(told()) << "what the link leads to";
    fs::create_directory_symlink("b", folder_ / "next");
    fs::rename(folder_ / "next", folder_ / "current");
    EXPECT_TRUE(told()) << "a folder on the way";
}

TEST_F(FileWatches, SeesAFolderAppearThatWasNotThere) {
    watch(folder_ / "later" / "deep" / "file");
    fs::create_directory(folder_ / "later");
    EXPECT_TRUE(told());
}

TEST_F(FileWatches, WatchesWhatIsInAFolder) {
    fs::create_directory(folder_ / "pictures");
    watch(folder_ / "pictures");
    write(folder_ / "pictures" / "1.png", "1");
    EXPECT_TRUE(told());
}

TEST_F(FileWatches, ALoopOfLinksIsNoTrap) {
    fs::create_symlink("y", folder_ / "x");
    fs::create_symlink("x", folder_ / "y");
    watch(folder_ / "x");
    EXPECT_TRUE(silent());
}

TEST_F(FileWatches, SaysWhetherSomethingMovesWithoutWaiting) {
    watch_.watch({folder_ / "file"});
    EXPECT_FALSE(watch_.disturbed());
    std::ofstream file(folder_ / "file");
    file << "2" << std::flush;
    EXPECT_TRUE(watch_.disturbed()) << "being written";
    file.close();
    EXPECT_TRUE(watch_.disturbed()) << "written";
    EXPECT_TRUE(watch_.wait());
    EXPECT_FALSE(watch_.disturbed());
}

TEST_F(FileWatches, APokeCountsAsAChange) {
    watch(folder_ / "file");
    watch_.poke();
    EXPECT_TRUE(told());
    EXPECT_TRUE(silent()) << "once";
}

}  // namespace
}  // namespace scrim
