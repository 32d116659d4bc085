#include "util/atomic_file.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class AtomicFileTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::path(testing::TempDir()) / "scrim-atomic-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
    }
    fs::path folder_;
};

TEST_F(AtomicFileTest, IsThereWhenItIsWhole) {
    {
        AtomicFile file(folder_ / "a");
        file.write("whole ");
        file.write("text");
        file.set_permissions(fs::perms::owner_read | fs::perms::owner_write);
        file.sync();
        EXPECT_FALSE(fs::exists(folder_ / "a"));
        file.finish();
    }
    EXPECT_EQ(contents(folder_ / "a"), "whole text");
    EXPECT_EQ(fs::status(folder_ / "a").permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(files(), 1U);
}

TEST_F(AtomicFileTest, LeavesNothingWhenItIsNotFinished) {
    {
        AtomicFile file(folder_ / "a");
        file.write("half");
    }
    EXPECT_EQ(files(), 0U);
}

TEST_F(AtomicFileTest, NewOnesReplaceNothing) {
    {
        AtomicFile first(folder_ / "a");
        AtomicFile second(folder_ / "a");
        first.write("first");
        second.write("second");
        EXPECT_TRUE(first.finish_new());
        EXPECT_FALSE(second.finish_new());
    }
    EXPECT_EQ(contents(folder_ / "a"), "first");
    EXPECT_EQ(files(), 1U);
}

TEST_F(AtomicFileTest, ReplacesALinkAndNotWhatItLeadsTo) {
    std::ofstream(folder_ / "far") << "kept";
    fs::create_symlink("far", folder_ / "near");
    {
        AtomicFile file(folder_ / "near");
        file.write("new");
        file.finish();
    }
    EXPECT_FALSE(fs::is_symlink(folder_ / "near"));
    EXPECT_EQ(contents(folder_ / "near"), "new");
    EXPECT_EQ(contents(folder_ / "far"), "kept");
}

TEST_F(AtomicFileTest, SaysWhatCannotBeWritten) {
    try {
        AtomicFile file(folder_ / "missing" / "a");
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::StartsWith("cannot write "));
        EXPECT_THAT(error.what(), testing::HasSubstr("No such file"));
    }
}

}  // namespace
}  // namespace scrim
