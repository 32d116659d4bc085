// Networks: listed, fetched, checked and run. Nothing is fetched from anywhere else than this
// machine.
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/test_http_server.h"
#include "support/command.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

const fs::path shared = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared";

/// A home without networks; the environment is as it was afterwards.
class Models : public testing::Test {
  protected:
    void SetUp() override {
        for (const char* variable : variables) {
            const char* value = std::getenv(variable);
            if (value != nullptr) before_[variable] = value;
            unsetenv(variable);
        }
        setenv("SCRIM_MODEL_DIR", models_.c_str(), 1);
        setenv("XDG_DATA_HOME", (folder_ / "data").c_str(), 1);
        setenv("XDG_DATA_DIRS", (folder_ / "shared").c_str(), 1);
    }
    void TearDown() override {
        for (const char* variable : variables)
            unsetenv(variable);
        for (const auto& [variable, value] : before_)
            setenv(variable.c_str(), value.c_str(), 1);
    }
    static void take_from(const std::string& place) {
        setenv("SCRIM_MODEL_MIRROR", place.c_str(), 1);
    }
    fs::path config(const std::string& text) const {
        test::write_file(folder_ / "config.yaml", text);
        return folder_ / "config.yaml";
    }

    test::TemporaryFolder folder_;
    const fs::path models_ = folder_ / "models";
    std::map<std::string, std::string> before_;
    static constexpr std::array variables{"SCRIM_MODEL_DIR", "SCRIM_MODEL_PATH",
                                          "SCRIM_MODEL_MIRROR", "XDG_DATA_HOME", "XDG_DATA_DIRS"};
};

TEST_F(Models, AreListed) {
    const auto list = test::scrim({"models"});
    EXPECT_EQ(list.status, 0);
    EXPECT_THAT(list.output, HasSubstr("Apache-2.0, from the npm package @mediapipe/"));
    EXPECT_THAT(list.output, ContainsRegex("mobilenet-050-stride16 +2.5 MB  mask, parts, key"));
    EXPECT_THAT(list.output, ContainsRegex("resnet50-stride32 +\\?  mask, parts, keypoints"));
    EXPECT_THAT(list.output, Not(HasSubstr("segm_full")));
    EXPECT_EQ(test::scrim({"models", "list"}).output, list.output);
    const auto used = test::scrim(
        {"models", "list", "--config", config("model: mobilenet\nlayers:\n  - foreground: []\n")});
    EXPECT_THAT(used.output, ContainsRegex("\\* mobilenet-050-stride16 "));
}

TEST_F(Models, WrongNamesAreCorrected) {
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"models", "pull", "mobilenet-50-stride16"},
          std::vector<std::string>{"models", "run", "mobilenet-50-stride16", "a.png", "--dump",
                                   folder_ / "raw"}}) {
        const auto wrong = test::scrim(command);
        EXPECT_EQ(wrong.status, 1);
        EXPECT_EQ(wrong.errors,
                  "scrim: there is no network \"mobilenet-50-stride16\"; did you mean "
                  "\"mobilenet-050-stride16\"?\n");
    }
}

TEST_F(Models, WhatIsMissingSaysWhatToType) {
    const fs::path picture = fs::path(SCRIM_SOURCE_DIR) / "config/backgrounds/room.jpg";
    const auto out = folder_ / "out.png";
    const auto default_one = test::scrim({"render", picture, out});
    EXPECT_EQ(default_one.status, 1);
    EXPECT_THAT(default_one.errors,
                HasSubstr("`scrim models pull mediapipe-landscape` fetches it"));
    const auto other = test::scrim(
        {"render", picture, out, "--config",
         config("model: mobilenet\nmultiplier: 0.75\nstride: 8\nlayers:\n  - foreground: []\n")});
    EXPECT_THAT(other.errors, HasSubstr("`scrim models pull mobilenet-075-stride8` fetches it"));
    EXPECT_THAT(test::scrim({"models", "run", "face_detection", "a.png", "--dump", out}).errors,
                HasSubstr("`scrim models pull face_detection` fetches it"));
    EXPECT_THAT(test::scrim({"models", "verify"}).output, HasSubstr("No network is installed"));
}

TEST_F(Models, CtrlCKeepsWhatHasCome) {
    test::HttpServer server;
    server.files["/bodypix_float050/group1-shard1of1.bin"] = std::string(2'419'840, 'w');
    server.drops = 1;
    server.half = 1'000'000;
    server.falls_silent = true;
    server.start();
    take_from(server.address());
    test::Command pull({test::scrim_path(), "models", "pull", "mobilenet-050-stride16"});
    const fs::path part = models_ / "bodypix_float050/group1-shard1of1.bin.part";
    const auto arrived = [&] {
        std::error_code failed;
        return fs::file_size(part, failed) == server.half;
    };
    for (int i = 0; i < 2000 && !arrived(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    pull.signal(SIGINT);
    const auto finished = pull.wait(std::chrono::seconds(20));
    EXPECT_EQ(finished.status, 1);
    EXPECT_THAT(finished.errors,
                HasSubstr("interrupted; `scrim models pull mobilenet-050-stride16` goes on"));
    ASSERT_TRUE(arrived());
    // And the next time only the rest is asked for; these are not the right bytes, though.
    const auto again = test::scrim({"models", "pull", "mobilenet-050-stride16"});
    EXPECT_THAT(again.errors, HasSubstr("not the file that Scrim was tested with"));
    EXPECT_EQ(server.requests().at(1), "/bodypix_float050/group1-shard1of1.bin from 1000000");
    EXPECT_FALSE(fs::exists(models_ / "bodypix_float050"));
}

TEST_F(Models, ADiskThatIsFullIsSaidToBe) {
    const fs::path mirror = folder_ / "mirror";
    fs::create_directories(mirror / "bodypix_float050");
    test::write_file(mirror / "bodypix_float050/group1-shard1of1.bin", std::string(200'000, 'w'));
    take_from(mirror);
    test::Command pull({test::scrim_path(), "models", "pull", "mobilenet-050-stride8"},
                       {.file_bytes = 100'000});
    const auto finished = pull.wait();
    EXPECT_EQ(finished.status, 1);
    EXPECT_THAT(finished.errors, AllOf(HasSubstr("group1-shard1of1.bin.part: File too large"),
                                       HasSubstr("SCRIM_MODEL_DIR")));
}

TEST_F(Models, AreFetchedCheckedAndRun) {
    const fs::path picture = shared / "reference-network/bodypix_float050_stride16_257/input.png";
    if (!fs::exists(picture)) GTEST_SKIP() << picture << " is not there";
    take_from(shared / "models");
    const std::string name = "mobilenet-050-stride16";
    const auto pull = test::scrim({"models", "pull", name, "mediapipe-landscape"});
    EXPECT_EQ(pull.status, 0);
    EXPECT_EQ(pull.output, name + " fetched into " + models_.string() +
                               "\nmediapipe-landscape fetched into " + models_.string() + "\n");
    EXPECT_THAT(pull.errors, HasSubstr("fetching bodypix_float050/group1-shard1of1.bin, 2.4 MB\n"));
    EXPECT_THAT(pull.errors, Not(HasSubstr("\r")));
    EXPECT_EQ(test::scrim({"models", "pull", name}).output,
              name + " is installed in " + models_.string() + "\n");
    EXPECT_EQ(test::scrim({"models", "verify"}).output,
              "mediapipe-landscape: right\n" + name + ": right\n");

    const auto run = test::scrim({"models", "run", name, picture, "--dump", folder_ / "raw"});
    EXPECT_EQ(run.status, 0) << run.errors;
    const std::string expected = test::read_file(picture.parent_path() / "outputs.tsv");
    EXPECT_EQ(test::read_file(folder_ / "raw/outputs.tsv"), expected);
    EXPECT_EQ(run.output, expected);
    for (const char* output : {"float_segments", "float_part_heatmaps", "float_heatmaps"}) {
        const std::string file = std::string(output) + ".f32";
        EXPECT_EQ(fs::file_size(folder_ / "raw" / file),
                  fs::file_size(picture.parent_path() / file));
    }

    test::write_file(models_ / "bodypix_float050/group1-shard1of1.bin", "damaged");
    const auto damaged = test::scrim({"models", "verify"});
    EXPECT_EQ(damaged.status, 1);
    EXPECT_THAT(damaged.errors, HasSubstr("`scrim models pull " + name + "`"));
    EXPECT_THAT(test::scrim({"models"}).output, ContainsRegex(name + " .*damaged"));
    EXPECT_EQ(test::scrim({"models", "pull", name}).status, 0);
    EXPECT_EQ(test::scrim({"models", "verify"}).status, 0);
}

TEST_F(Models, WithoutANameWhatTheConfigurationNeeds) {
    if (!fs::exists(shared / "models"))
        GTEST_SKIP() << shared / "models"
                     << " is not there";
    take_from(shared / "models");
    const auto parts = config("model: mobilenet\nstride: 8\nlayers:\n  - foreground: []\n");
    EXPECT_THAT(test::scrim({"models", "pull", "--config", parts}).output,
                testing::StartsWith("mobilenet-050-stride8 fetched"));
    const auto plain = config("layers:\n  - foreground: []\n");
    EXPECT_THAT(test::scrim({"models", "pull", "--config", plain}).output,
                AllOf(HasSubstr("mediapipe-landscape fetched"),
                      HasSubstr("mediapipe-square fetched"), Not(HasSubstr("face_detection"))));
}

}  // namespace
}  // namespace scrim
