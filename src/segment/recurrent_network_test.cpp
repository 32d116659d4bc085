// Networks of one's own that have a memory.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "frame/color.h"
#include "segment/network/recurrent_models.h"
#include "segment/network_states.h"
#include "segment/own_network.h"
#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string card = "input: tensor0\noutput: tensor2\nstates: {tensor1: tensor3}\n";

class RecurrentNetwork : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("scrim_recurrent_" + std::to_string(getpid()));
        fs::create_directories(folder_);
        config_.folder = folder_;
        config_.model = "net.tflite";
    }
    void TearDown() override { fs::remove_all(folder_); }

    void write(const std::string& name, const std::vector<std::byte>& bytes) const {
        std::ofstream(folder_ / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
    }
    void write_json(const TfjsMaker& maker) {
        write("model.json", maker.model());
        for (const auto& [name, bytes] : maker.files())
            write(name, bytes);
        config_.model = "model.json";
    }

    std::string error() const {
        try {
            open_own_network(config_);
        } catch (const Error& e) {
            return e.what();
        }
        return "no error";
    }

    fs::path folder_;
    Config config_;
};

/// A grey picture, and when it is taken.
Frame grey_at(std::uint8_t grey, milliseconds time, int width = 32) {
    const ColorTags tags;
    Frame frame = solid_frame(width, 20, tags, yuv_of_rgb(grey, grey, grey, tags));
    frame.captured = Time{} + std::chrono::hours(1) + time;
    return frame;
}

int mask_of(Segmenter& segmenter, const Frame& frame) {
    const Score score = segmenter.segment(frame);
    return score.plane.row(2)[3];
}

TEST_F(RecurrentNetwork, RemembersWhatItSaw) {
    write("net.tflite", recurrent_tflite());
    write("net.yaml", card);
    const auto segmenter = open_own_network(config_);
    RunningAverage expected;
    milliseconds now{};
    for (const int grey : {255, 255, 0, 128, 255, 30, 0, 0, 255}) {
        const auto level = static_cast<float>(grey) / 255;
        EXPECT_NEAR(
            mask_of(*segmenter, grey_at(static_cast<std::uint8_t>(grey), now += milliseconds(33))),
            255 * expected.next(level, level, level), 1.5);
    }
}

TEST_F(RecurrentNetwork, ForgetsAfterAGapAndWhereTheSizeChanges) {
    write("net.tflite", recurrent_tflite());
    write("net.yaml", card);
    const auto segmenter = open_own_network(config_);
    milliseconds now{};
    const auto first = [] { return RunningAverage().next(1, 1, 1) * 255; };
    const auto brighten = [&] {
        for (int i = 0; i < 20; ++i)
            mask_of(*segmenter, grey_at(255, now += milliseconds(33)));
    };
    brighten();
    EXPECT_GT(mask_of(*segmenter, grey_at(255, now += milliseconds(500))), 230);  // a slow network
    EXPECT_NEAR(mask_of(*segmenter, grey_at(255, now += milliseconds(5000))), first(), 1.5);
    brighten();
    EXPECT_NEAR(mask_of(*segmenter, grey_at(255, now - milliseconds(500))), first(), 1.5);
    brighten();
    EXPECT_NEAR(mask_of(*segmenter, grey_at(255, now += milliseconds(33), 64)), first(), 1.5);
    brighten();
    EXPECT_THROW(segmenter->segment(Frame()), Error);  // a picture that cannot be looked at
    EXPECT_NEAR(mask_of(*segmenter, grey_at(255, now += milliseconds(33))), first(), 1.5);
}

TEST_F(RecurrentNetwork, IsNotPoisonedByWhatIsNotANumber) {
    write("net.tflite", recurrent_tflite(1e38F));
    write("net.yaml", card + "range: [0, 255]\n");
    const auto segmenter = open_own_network(config_);
    // Infinite, which would be a mask of all: nobody, rather.
    EXPECT_THROW(segmenter->segment(grey_at(255, milliseconds(0))), Error);
    EXPECT_EQ(mask_of(*segmenter, grey_at(0, milliseconds(33))), 5);  // the same as new
}

TEST_F(RecurrentNetwork, WhatCanOnlyBeOneOutputIsGuessed) {
    write("net.tflite", recurrent_tflite());
    EXPECT_THAT(error(), HasSubstr("it has 2 outputs (tensor2 1x4x6x1, tensor3 1x4x6x1)"));
    write("net.yaml", "output: tensor2\n");
    const NetworkCard read = read_card_of(folder_ / "net.tflite");
    const OwnNetwork own = import_network_file(folder_ / "net.tflite", read);
    const NetworkUse use = use_of(read, own.facts, "net.yaml");
    EXPECT_THAT(use.guessed,
                ElementsAre("range: [0, 1]", "order: rgb", "states: {tensor1: tensor3}"));
    EXPECT_THAT(suggested_card(read, own.facts), AllOf(HasSubstr("input: \"tensor0\"\n"),
                                                       HasSubstr("  \"tensor1\": \"tensor3\"\n")));
    EXPECT_EQ(error(), "no error");
}

TEST_F(RecurrentNetwork, OfOpenSizeFollowsThePicture) {
    write_json(recurrent_model(2));
    const std::string start = "width: 12\nheight: 7\noutput: mask\n";
    write("model.yaml", start + "states: {state: state_out}\n");
    EXPECT_THAT(error(), HasSubstr("write \"states: {state: {output: NAME, stride: N}}\" into " +
                                   (folder_ / "model.yaml").string()));
    write("model.yaml", start + "states: {state: {output: state_out, stride: 2}}\n");
    const auto segmenter = open_own_network(config_);
    EXPECT_EQ(segmenter->name(), "model.json (7x12)");
    RunningAverage expected;
    for (int i = 0; i < 5; ++i)
        EXPECT_NEAR(mask_of(*segmenter, grey_at(255, milliseconds(33 * i))),
                    255 * expected.next(1, 1, 1), 1.5);
    write("model.yaml", start + "states: {state: {output: state_out, stride: 3}}\n");
    EXPECT_THAT(error(), HasSubstr("node 'sum'"));
}

TEST_F(RecurrentNetwork, SaysWhatIsWrongOnItsCard) {
    write("net.tflite", recurrent_tflite());
    const auto with = [&](const std::string& text) {
        write("net.yaml", text);
        return error();
    };
    const std::string file = (folder_ / "net.yaml").string();
    EXPECT_THAT(with("states: {tensor_1: tensor3}\n"),
                HasSubstr(file + ": states: the network has no input \"tensor_1\"; did you mean "
                                 "\"tensor1\"?"));
    EXPECT_THAT(with("states: {tensor1: mask}\n"),
                HasSubstr("has no output \"mask\"; it has tensor2, tensor3"));
    EXPECT_THAT(with("output: tensor2\ninput: tensor0\nstates: {tensor0: tensor3}\n"),
                HasSubstr("states: tensor0 is the picture"));
    EXPECT_THAT(with("output: tensor2\ninput: picture\n"),
                HasSubstr(file + ": input: the network has no input \"picture\""));
}

NetworkFacts facts(std::vector<NetworkInput> inputs, std::vector<OutputFacts> outputs) {
    return {std::move(inputs), std::move(outputs)};
}

std::string refusal(const NetworkCard& on, const NetworkFacts& of) {
    try {
        use_of(on, of, "net.yaml");
    } catch (const Error& e) {
        return e.what();
    }
    return "no error";
}

TEST(NetworkStates, OfSeveralAreGuessedByTheirShapes) {
    const Shape picture{1, 64, 64, 3};
    const NetworkUse use =
        use_of({},
               facts({{"r1i", {1, 8, 1, 16}}, {"src", picture}, {"r2i", {1, 1, 1, 20}}},
                     {{"r2o", {1, 1, 1, 20}}, {"pha", {1, 64, 64, 1}}, {"r1o", {1, 8, 1, 16}}}),
               "net.yaml");
    EXPECT_EQ(use.input, 1U);
    EXPECT_EQ(use.output, 1U);
    ASSERT_EQ(use.states.size(), 2U);
    EXPECT_EQ(use.states[0].input, 0U);
    EXPECT_EQ(use.states[0].output, 2U);
    EXPECT_EQ(use.guessed.back(), "states: {r1i: r1o, r2i: r2o}");
}

TEST(NetworkStates, TheLastMaskCanBeAState) {
    const NetworkUse use = use_of(
        {}, facts({{"picture", {1, 8, 8, 3}}, {"prior", {1, 8, 8, 1}}}, {{"mask", {1, 8, 8, 1}}}),
        "net.yaml");
    ASSERT_EQ(use.states.size(), 1U);
    EXPECT_EQ(use.states[0].output, 0U);
    EXPECT_EQ(use.guessed.back(), "states: {prior: mask}");
}

TEST(NetworkStates, AskForWhatNobodyCanGuess) {
    const Shape state{1, 8, 1, 4};
    EXPECT_EQ(refusal({}, facts({{"src", {1, 8, 8, 3}}, {"a:0", state}, {"b", state}},
                                {{"mask", {1, 8, 8, 1}}, {"c", state}, {"d", state}})),
              "besides the picture it has other inputs (a:0 1x8x1x4, b 1x8x1x4); write \"states: "
              "{\"a:0\": OUTPUT, b: OUTPUT}\" into net.yaml, each with the output that is fed back "
              "to it, of mask 1x8x8x1, c 1x8x1x4, d 1x8x1x4");
    EXPECT_EQ(
        refusal({}, facts({{"a", {1, 8, 8, 3}}, {"b", {1, 8, 8, 3}}}, {{"mask", {1, 8, 8, 1}}})),
        "it has 2 inputs (a 1x8x8x3, b 1x8x8x3); write \"input: NAME\" of the one that is the "
        "picture into net.yaml");
    NetworkCard wrong;
    wrong.states = {{"h", "c", {}}};
    EXPECT_EQ(refusal(wrong, facts({{"src", {1, 8, 8, 3}}, {"h", state}},
                                   {{"mask", {1, 8, 8, 1}}, {"c", {1, 8, 1, 5}}})),
              "net.yaml: states: h takes 1x8x1x4, but c gives 1x8x1x5");
}

TEST_F(RecurrentNetwork, AGivenMaskIsReadAsTheCardSays) {
    write("net.tflite", recurrent_tflite());
    EXPECT_FALSE(own_network_is_hard(config_));
    write("net.yaml", card + "mask: hard\n");
    EXPECT_TRUE(own_network_is_hard(config_));
}

}  // namespace
}  // namespace scrim
