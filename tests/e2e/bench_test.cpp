#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "segment/model_files.h"
#include "support/command.h"

namespace scrim {
namespace {

using testing::HasSubstr;

constexpr const char* mirrored = "layers:\n  - input: [flip]\n";

class Bench : public testing::Test {
  protected:
    /// What `scrim bench --json` prints for small pictures.
    nlohmann::json measured(const std::string& layers, std::vector<std::string> options) const {
        test::write_file(folder_ / "config.yaml", layers);
        std::vector<std::string> arguments{"bench", "--json",   "--frames",
                                           "8",     "--config", folder_ / "config.yaml"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const auto finished = test::scrim(arguments);
        EXPECT_EQ(finished.status, 0) << finished.errors;
        return nlohmann::json::parse(finished.output);
    }
    test::TemporaryFolder folder_;
};

/// Never a time by itself: the machine may be any, and busy.
void expect_sane(const nlohmann::json& json) {
    const auto number = [&json](const char* path) {
        return json.at(nlohmann::json::json_pointer(path)).get<double>();
    };
    EXPECT_GT(number("/frame_ms/median"), 0);
    EXPECT_GE(number("/frame_ms/p95"), number("/frame_ms/median"));
    EXPECT_GT(number("/cpu_ms_per_frame"), 0);
    double stages = 0;
    for (const char* const stage : {"decode", "segment", "mask", "compose", "output"}) {
        const double median = number((std::string("/stages_ms/") + stage).c_str());
        EXPECT_GE(median, 0) << stage;
        stages += median;
    }
    EXPECT_GT(stages, 0);
    const double total = number("/floor_ms/total");
    EXPECT_NEAR(total,
                number("/floor_ms/network") + number("/floor_ms/decode") + number("/floor_ms/copy"),
                0.003);
    EXPECT_GT(total, 0);
    EXPECT_NEAR(number("/ratio_to_floor") * total, number("/frame_ms/median"),
                0.05 * number("/frame_ms/median"));
    EXPECT_GT(number("/rss_mb"), 1);
    EXPECT_GT(number("/first_frame_ms"), 0);
    EXPECT_TRUE(json.contains("allocations_per_frame"));
    for (const char* const key : {"config", "input", "machine", "compiler", "version", "date"})
        EXPECT_TRUE(json.contains(key)) << key;
}

TEST_F(Bench, TellsAllOfItInEveryFormat) {
    for (const std::string format : {"yu12", "yuyv", "nv12", "mjpeg"}) {
        SCOPED_TRACE(format);
        const auto json = measured(mirrored, {"--format", format, "--size", "322x182"});
        expect_sane(json);
        EXPECT_EQ(json.at("format"), format);
        EXPECT_EQ(json.at("output_format"), format == "yu12" ? "yu12" : "yuyv");
        EXPECT_EQ(json.at("size"), "322x182");
        EXPECT_EQ(json.at("frames"), 8);
        EXPECT_EQ(json.at("floor_ms").at("network"), 0) << "no layer needs one";
        EXPECT_EQ(json.at("floor_ms").at("decode") > 0, format == "mjpeg");
    }
}

TEST_F(Bench, TakesPicturesFromAFileAtItsOwnSize) {
    const std::string picture = std::string(SCRIM_SOURCE_DIR) + "/config/backgrounds/room.jpg";
    const auto own = measured(mirrored, {"--input", picture});
    EXPECT_EQ(own.at("input"), picture);
    const auto cut = measured(mirrored, {"--input", picture, "--size", "200x300"});
    EXPECT_EQ(cut.at("size"), "200x300");
}

TEST_F(Bench, TheNetworkIsAPartOfTheFloor) {
    if (!find_model_file("selfie_segmentation_landscape.tflite")) {
        GTEST_SKIP() << "the network is not installed";
    }
    const auto json = measured("layers:\n  - empty: []\n  - foreground: []\n",
                               {"--size", "320x180", "--threads", "1"});
    expect_sane(json);
    EXPECT_EQ(json.at("threads"), 1);
    EXPECT_GT(json.at("floor_ms").at("network"), 0);
    EXPECT_GT(json.at("stages_ms").at("segment"), 0);
}

TEST_F(Bench, SaysWhatItDoesNotUnderstand) {
    const auto size = test::scrim({"bench", "--size", "1280"});
    EXPECT_EQ(size.status, 1);
    EXPECT_THAT(size.errors, HasSubstr("as in 1280x720"));
    EXPECT_EQ(test::scrim({"bench", "--format", "rgb"}).status, 1);
    EXPECT_EQ(test::scrim({"bench", "--input", "missing.jpg"}).status, 1);
}

TEST_F(Bench, WithoutJsonItIsForPeople) {
    test::write_file(folder_ / "config.yaml", mirrored);
    const auto finished = test::scrim(
        {"bench", "--frames", "3", "--size", "64x48", "--config", folder_ / "config.yaml"});
    EXPECT_THAT(finished.output, HasSubstr("times the floor"));
    EXPECT_THAT(finished.output, testing::Not(HasSubstr("█"))) << "no terminal";
}

}  // namespace
}  // namespace scrim
