#include "segment/network/states.h"

#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "segment/network/passes.h"
#include "segment/network/recurrent_models.h"
#include "segment/network/tflite_damage.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"

namespace scrim {
namespace {

constexpr std::size_t pixels = 24;

/// The inputs and outputs of both models have another order.
struct Recurrent {
    Network network;
    std::size_t picture, state, mask, state_out;
};

Recurrent of_tflite(bool simple) {
    Graph graph = import_tflite(recurrent_tflite());
    if (simple) simplify(graph);
    return {Network(std::move(graph)), 0, 1, 0, 1};
}

Recurrent of_tfjs(bool simple) {
    const TfjsRequest request{4, 6, {"mask", "state_out"}, false, {{"state", {1, 4, 6, 1}}}};
    Graph graph = recurrent_model().import(request);
    if (simple) simplify(graph);
    Network network(std::move(graph));
    const std::size_t picture = network.input_shape(0)[3] == 3 ? 0 : 1;
    return {std::move(network), picture, 1 - picture, 0, 1};
}

/// Some pictures, one after the other, against the reference.
void expect_running_average(Recurrent& recurrent, unsigned seed, int frames) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> colour(0, 1);
    Network& network = recurrent.network;
    const RecurrentStates states({{recurrent.state, recurrent.state_out}});
    std::vector<RunningAverage> expected(pixels);
    for (int frame = 0; frame < frames; ++frame) {
        for (float& value : network.input(recurrent.picture))
            value = colour(random);
        network.run();
        ASSERT_TRUE(states.feed_back(network));
        for (std::size_t i = 0; i < pixels; ++i) {
            const float* const rgb = network.input(recurrent.picture).data() + 3 * i;
            ASSERT_NEAR(network.output(recurrent.mask)[i], expected[i].next(rgb[0], rgb[1], rgb[2]),
                        1e-5)
                << "frame " << frame << ", pixel " << i;
        }
    }
    states.forget(network);
}

TEST(RecurrentStates, ARunningAverageIsThatOfTheReference) {
    for (const bool simple : {false, true}) {
        for (Recurrent (*const load)(bool) : {of_tflite, of_tfjs}) {
            Recurrent recurrent = load(simple);
            ASSERT_EQ(recurrent.network.input_count(), 2U);
            ASSERT_EQ(recurrent.network.output_count(), 2U);
            expect_running_average(recurrent, 3, 20);
            // Forgotten: the same as new.
            expect_running_average(recurrent, 4, 5);
        }
    }
}

TEST(RecurrentStates, WhatIsNotANumberIsForgotten) {
    Recurrent recurrent = of_tflite(true);
    Network& network = recurrent.network;
    const RecurrentStates states({{recurrent.state, recurrent.state_out}});
    for (const float poison :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        network.input(recurrent.picture)[7] = poison;  // of one pixel alone
        network.run();
        EXPECT_FALSE(states.feed_back(network));
        for (const float value : network.input(recurrent.state))
            EXPECT_EQ(value, 0);
        expect_running_average(recurrent, 5, 5);
    }
}

TEST(RecurrentStates, AStateCanBeTheMaskItself) {
    Graph graph = import_tflite(recurrent_tflite());
    keep(graph, {0, 1}, {1});
    Network network(std::move(graph));
    const RecurrentStates states({{1, 0}});
    std::fill(network.input(0).begin(), network.input(0).end(), 1.0F);
    for (int i = 0; i < 3; ++i) {
        network.run();
        EXPECT_TRUE(states.feed_back(network));
    }
    EXPECT_NEAR(network.output(0)[0], 1 - 0.9 * 0.9 * 0.9, 1e-5);
}

TEST(RecurrentStates, InputsThatNobodyReadsAreLeftOut) {
    const std::vector<std::string> brightness{"tensor4"};
    const Graph graph = import_tflite(recurrent_tflite(), brightness);
    EXPECT_EQ(graph.inputs.size(), 1U);
    const NetworkSurvey survey = survey_tflite(recurrent_tflite());
    ASSERT_EQ(survey.inputs.size(), 2U);
    EXPECT_EQ(survey.inputs[1].name, "tensor1");
    EXPECT_EQ(survey.inputs[1].shape, (Shape{1, 4, 6, 1}));
    EXPECT_EQ(survey.outputs, (std::vector<std::string>{"tensor2", "tensor3"}));
}

TEST(RecurrentStates, DamagedFilesGiveAnErrorOrRun) {
    expect_errors_or_runs(recurrent_tflite(), 1000);
}

}  // namespace
}  // namespace scrim
