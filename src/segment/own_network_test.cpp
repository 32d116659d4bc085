#include "segment/own_network.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "frame/color.h"
#include "segment/network/tflite_maker.h"
#include "segment/registry.h"
#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using reference::Array;
using testing::HasSubstr;
using tflite::BuiltinOperator;

const fs::path shared = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared";

class OwnNetworkFile : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("scrim_own_" + std::to_string(getpid()));
        fs::create_directories(folder_);
        config_.folder = folder_;
        config_.model = "net.tflite";
    }
    void TearDown() override { fs::remove_all(folder_); }

    void write(const std::string& name, const void* data, std::size_t size) const {
        std::ofstream(folder_ / name, std::ios::binary)
            .write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
    }
    void write_card(const std::string& text) const { write("net.yaml", text.data(), text.size()); }

    /// Of each pixel of 4x6 the channels are its input's first colour times `weights`, then perhaps
    /// a sigmoid.
    void write_network(const std::vector<float>& weights, bool sigmoid = false) const {
        const auto channels = static_cast<int>(weights.size());
        Array matrix({channels, 1, 1, 3});
        for (std::size_t c = 0; c < weights.size(); ++c)
            matrix.data[3 * c] = weights[c];
        TfliteMaker maker;
        const int input = maker.tensor({1, 4, 6, 3});
        int output = maker.tensor({1, 4, 6, channels});
        maker.operation(BuiltinOperator::CONV_2D,
                        {input, maker.constant(matrix), maker.constant(Array({1, 1, 1, channels}))},
                        output,
                        tflite::CreateConv2DOptions(maker.builder(), tflite::Padding::SAME, 1, 1));
        if (sigmoid) {
            const int logits = output;
            output = maker.tensor({1, 4, 6, channels});
            maker.operation(BuiltinOperator::LOGISTIC, {logits}, output);
        }
        const auto file = maker.file(input, output);
        write("net.tflite", file.data(), file.size());
    }

    /// The score of a picture in one colour.
    int score(std::uint8_t red, std::uint8_t green, std::uint8_t blue) const {
        const ColorTags tags;
        const auto segmenter = open_segmenter(config_, 32, 20, {.mask = true});
        const Score score =
            segmenter->segment(solid_frame(32, 20, tags, yuv_of_rgb(red, green, blue, tags)));
        EXPECT_EQ(score.plane.width(), 6);
        EXPECT_EQ(score.plane.height(), 4);
        return score.plane.row(3)[5];
    }

    std::string error() const {
        try {
            open_segmenter(config_, 32, 20, {.mask = true});
        } catch (const Error& e) {
            return e.what();
        }
        return "no error";
    }

    fs::path folder_;
    Config config_;
};

TEST_F(OwnNetworkFile, IsRecognisedByItsEnding) {
    EXPECT_TRUE(names_network_file("a/b.tflite"));
    EXPECT_TRUE(names_network_file("model.json"));
    EXPECT_FALSE(names_network_file("mediapipe"));
    EXPECT_EQ(card_of("a/b.tflite"), fs::path("a/b.yaml"));
    EXPECT_EQ(card_of("a/model.json"), fs::path("a/model.yaml"));
    EXPECT_THAT(own_network_files(config_),
                testing::ElementsAre(folder_ / "net.tflite", folder_ / "net.yaml"));
    config_.model = "mediapipe";
    EXPECT_TRUE(own_network_files(config_).empty());
}

TEST_F(OwnNetworkFile, WithoutACardIsGuessed) {
    write_network({8}, true);
    EXPECT_NEAR(score(0, 0, 0), 127.5, 1);
    EXPECT_GE(score(255, 255, 255), 254);
    EXPECT_LT(score(0, 0, 255), 140);
    const auto segmenter = open_segmenter(config_, 32, 20, {.mask = true});
    EXPECT_FALSE(segmenter->hard());
    EXPECT_EQ(segmenter->name(), "net.tflite (4x6)");
}

TEST_F(OwnNetworkFile, DoesWhatItsCardSays) {
    write_network({1});
    write_card("range: [0, 1]\norder: bgr\nactivation: none\nmask: hard\n");
    EXPECT_TRUE(open_segmenter(config_, 32, 20, {.mask = true})->hard());
    // A pure colour is rounded on its way through YUV.
    EXPECT_GE(score(0, 0, 255), 248);  // blue comes first
    EXPECT_LE(score(255, 0, 0), 7);
    write_card("range: [-1, 1]\norder: rgb\nactivation: sigmoid\n");
    EXPECT_NEAR(score(0, 0, 0), 255 / (1 + std::exp(1.0)), 2);
    EXPECT_NEAR(score(255, 255, 255), 255 / (1 + std::exp(-1.0)), 2);
}

TEST_F(OwnNetworkFile, TakesTheSecondOfTwoChannelsForThePerson) {
    write_network({-3, 3});
    EXPECT_NEAR(score(255, 255, 255), 255 / (1 + std::exp(-6.0)), 1);
    write_card("channel: 0\n");
    EXPECT_NEAR(score(255, 255, 255), 255 / (1 + std::exp(6.0)), 1);
}

TEST_F(OwnNetworkFile, WhatIsNotANumberIsNobody) {
    write_network({3e38F, 3e38F});  // both infinite
    write_card("scale: 255\n");
    EXPECT_EQ(score(255, 255, 255), 0);
}

TEST_F(OwnNetworkFile, SaysWhatIsWrongWithIt) {
    EXPECT_THAT(error(), HasSubstr("model: there is no network file " + folder_.string()));
    write("net.tflite", "none", 4);
    EXPECT_THAT(error(), HasSubstr("it is not a TensorFlow Lite network"));
    write_network({1, 2, 3});
    EXPECT_THAT(error(), HasSubstr("write \"channel: N\""));
    EXPECT_THAT(error(), HasSubstr((folder_ / "net.yaml").string()));
    write_card("# which?\nchannels: 1\n");
    EXPECT_THAT(error(), HasSubstr("net.yaml:2:1: channels"));
    EXPECT_THAT(error(), HasSubstr("channel"));
    write_card("channel: 3\n");
    EXPECT_THAT(error(), HasSubstr("has channels 0 to 2, not 3"));
    write_card("output: tensor9\n");
    EXPECT_THAT(error(), HasSubstr("there is no tensor 'tensor9'"));
}

TEST_F(OwnNetworkFile, CanBeATensorFlowJsModelOfOpenSize) {
    const fs::path bodypix = shared / "models" / "bodypix_float050";
    if (!fs::exists(bodypix)) GTEST_SKIP() << bodypix << " is not there";
    for (const auto& entry : fs::directory_iterator(bodypix))
        fs::create_symlink(fs::canonical(entry.path()), folder_ / entry.path().filename());
    config_.model = "model-stride16.json";
    EXPECT_THAT(error(), HasSubstr("write \"width: N\" and \"height: N\" into"));
    const std::string card =
        "range: [-1, 1]\nwidth: 97\nheight: 65\noutput: float_segments\nmask: hard\n";
    write("model-stride16.yaml", card.data(), card.size());
    const auto segmenter = open_segmenter(config_, 64, 48, {.mask = true});
    const Score score = segmenter->segment(solid_frame(64, 48, {}, yuv_of_rgb(0, 0, 0, {})));
    EXPECT_EQ(score.plane.width(), 7);
    EXPECT_EQ(score.plane.height(), 5);
}

}  // namespace
}  // namespace scrim
