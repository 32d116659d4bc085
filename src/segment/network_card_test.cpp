#include "segment/network_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "util/error.h"

namespace scrim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// What is wrong with a card, a line for each.
std::vector<std::string> problems(const std::string& text) {
    Diagnostics diagnostics("net.yaml", text);
    parse_network_card(text, diagnostics);
    std::vector<std::string> lines;
    for (const Diagnostic& item : diagnostics.all())
        lines.push_back(diagnostics.headline(item));
    return lines;
}

NetworkCard parsed(const std::string& text) {
    Diagnostics diagnostics("net.yaml", text);
    NetworkCard card = parse_network_card(text, diagnostics);
    EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.render();
    return card;
}

TEST(NetworkCard, SaysHowColoursAreGiven) {
    const NetworkCard range = parsed("range: [-1, 1]\norder: bgr\n");
    ASSERT_TRUE(range.range.has_value());
    EXPECT_DOUBLE_EQ(range.range->scale, 2.0 / 255);
    EXPECT_THAT(range.range->offset, ElementsAre(-1, -1, -1));
    EXPECT_EQ(range.order, ColourOrder::bgr);
    const NetworkCard offset = parsed("offset: [-123.15, -115.9, -103.06]\n");
    ASSERT_TRUE(offset.range.has_value());
    EXPECT_DOUBLE_EQ(offset.range->scale, 1);
    EXPECT_THAT(offset.range->offset, ElementsAre(-123.15, -115.9, -103.06));
    EXPECT_FALSE(parsed("").range.has_value());
}

TEST(NetworkCard, SaysWhichOutputIsThePerson) {
    const NetworkCard card =
        parsed("output: segment\nchannel: 15\nactivation: softmax\nmask: hard\nwidth: 256\n");
    EXPECT_EQ(card.output, "segment");
    EXPECT_EQ(card.channel, 15);
    EXPECT_EQ(card.activation, ScoreActivation::softmax);
    EXPECT_EQ(card.mask, MaskEdges::hard);
    EXPECT_EQ(card.width, 256);
}

TEST(NetworkCard, SaysWhatIsFedBack) {
    const NetworkCard card = parsed("input: src\nstates: {r1: o1, r2: {output: o2, stride: 4}}\n");
    EXPECT_EQ(card.input, "src");
    ASSERT_EQ(card.states.size(), 2U);
    EXPECT_EQ(card.states[0].input, "r1");
    EXPECT_EQ(card.states[0].output, "o1");
    EXPECT_EQ(card.states[1].output, "o2");
    EXPECT_EQ(card.states[1].stride, 4);
    EXPECT_TRUE(parsed("states:\n").states.empty());
}

TEST(NetworkCard, ItsMistakesHaveAPlace) {
    EXPECT_THAT(problems("chanel: 1\n"),
                ElementsAre(AllOf(HasSubstr("net.yaml:1:1"), HasSubstr("channel"))));
    EXPECT_THAT(problems("order: rgb\nrange: [0, 0]\n"),
                ElementsAre(AllOf(HasSubstr("net.yaml:2:8: range"), HasSubstr("[0, 1]"))));
    EXPECT_THAT(problems("range: [0, 1]\nscale: 2\n"),
                ElementsAre(HasSubstr("net.yaml:2:1: scale: range says the same")));
    EXPECT_THAT(problems("offset: [1, 2]\n"), ElementsAre(HasSubstr("red, green and blue")));
    EXPECT_THAT(problems("channel: -1\n"), ElementsAre(HasSubstr("net.yaml:1:10: channel")));
    EXPECT_THAT(problems("activation: tanh\n"), ElementsAre(HasSubstr("activation")));
    EXPECT_THAT(problems("- 1\n"), testing::SizeIs(1));
    EXPECT_THAT(problems("states: r1\n"), ElementsAre(HasSubstr("as in {h_in: h_out}")));
    EXPECT_THAT(problems("states: {r1: [a]}\n"), ElementsAre(HasSubstr("states.r1: must be the")));
    EXPECT_THAT(problems("states: {r1: {stride: 2}}\n"), ElementsAre(HasSubstr("output")));
    EXPECT_THAT(problems("states: {r1: {output: a, strid: 2}}\n"),
                ElementsAre(HasSubstr("stride")));
}

NetworkFacts facts(std::vector<OutputFacts> outputs) {
    return {{{"picture", {1, 8, 8, 3}}}, std::move(outputs)};
}

std::string refusal(const NetworkCard& card, const NetworkFacts& of) {
    try {
        use_of(card, of, "net.yaml");
    } catch (const Error& e) {
        return e.what();
    }
    return "no error";
}

TEST(NetworkCard, WhatIsInTheFileNeedNotBeSaid) {
    const NetworkUse sigmoid =
        use_of({}, facts({{"mask", {1, 8, 8, 1}, ScoreActivation::sigmoid}}), "net.yaml");
    EXPECT_EQ(sigmoid.activation, ScoreActivation::none);
    EXPECT_FALSE(sigmoid.hard);
    EXPECT_THAT(sigmoid.guessed, ElementsAre("range: [0, 1]", "order: rgb"));
    const NetworkUse logits = use_of({}, facts({{"mask", {1, 8, 8, 2}}}), "net.yaml");
    EXPECT_EQ(logits.activation, ScoreActivation::softmax);
    EXPECT_EQ(logits.channel, 1);
    const NetworkUse said =
        use_of(parsed("range: [0, 1]\norder: rgb\nchannel: 0\nactivation: none\n"),
               facts({{"mask", {1, 8, 8, 2}}}), "net.yaml");
    EXPECT_TRUE(said.guessed.empty());
    EXPECT_EQ(said.channel, 0);
    // The only output that is a picture.
    const NetworkUse several =
        use_of({}, facts({{"pose", {1, 1, 1, 5}}, {"mask", {1, 8, 8, 1}}}), "net.yaml");
    EXPECT_EQ(several.output, 1U);
}

TEST(NetworkCard, AsksForWhatNobodyCanGuess) {
    EXPECT_EQ(refusal({}, facts({{"a", {1, 8, 8, 1}}, {"b", {1, 8, 8, 1}}})),
              "it has 2 outputs (a 1x8x8x1, b 1x8x8x1); write \"output: NAME\" of one of them into "
              "net.yaml");
    EXPECT_THAT(refusal({}, facts({{"a", {1, 8, 8, 21}}})),
                HasSubstr("write \"channel: N\" (from 0) of the person into net.yaml"));
    EXPECT_THAT(refusal(parsed("channel: 21\n"), facts({{"a", {1, 8, 8, 21}}})),
                HasSubstr("a has channels 0 to 20, not 21"));
    EXPECT_EQ(refusal({}, facts({{"a", {1, 1, 1, 2}}, {"b", {1, 1, 896, 16}}})),
              "no output of it is a picture of where the person is: a 1x1x1x2, b 1x1x896x16");
    NetworkFacts grey = facts({{"a", {1, 8, 8, 1}}});
    grey.inputs[0].shape[3] = 1;
    EXPECT_THAT(refusal({}, grey), HasSubstr("no picture in colour"));
}

TEST(NetworkCard, TheSuggestedCardCanBeRead) {
    const NetworkFacts logits = facts({{"mask", {1, 8, 8, 2}}});
    const NetworkUse guessed = use_of({}, logits, "net.yaml");
    const NetworkUse suggested = use_of(parsed(suggested_card({}, logits)), logits, "net.yaml");
    EXPECT_TRUE(suggested.guessed.empty());
    EXPECT_EQ(suggested.channel, guessed.channel);
    EXPECT_EQ(suggested.activation, guessed.activation);
    EXPECT_DOUBLE_EQ(suggested.range.scale, guessed.range.scale);
    EXPECT_THAT(suggested_card({}, facts({{"a", {1, 8, 8, 21}}})), HasSubstr("0 to 20"));
}

}  // namespace
}  // namespace scrim
