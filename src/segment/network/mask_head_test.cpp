#include "segment/network/mask_head.h"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "segment/network/reference_operators.h"
#include "util/error.h"

namespace scrim {
namespace {

/// An operator that gives the features, and MediaPipe's last two.
struct Ending {
    Graph graph;
    int features = 0, weights = 0, bias = 0;

    explicit Ending(const Shape& shape) {
        const Shape enlarged{1, 2 * shape[1], 2 * shape[2], 1};
        graph.inputs = {graph.add_tensor({"in", shape, {}})};
        features = graph.add_tensor({"features", shape, {}});
        weights = graph.add_tensor({"weights", {1, 2, 2, shape[3]}, {}});
        bias = graph.add_tensor({"bias", {1, 1, 1, 1}, {0.0F}});
        const int logits = graph.add_tensor({"logits", enlarged, {}});
        graph.outputs = {graph.add_tensor({"mask", enlarged, {}})};
        tensor(weights).data.resize(4 * static_cast<std::size_t>(shape[3]));
        add(Operator::hard_swish, {graph.inputs[0]}, features);
        add(Operator::transposed_convolution, {features, weights, bias}, logits);
        graph.nodes.back().stride_height = graph.nodes.back().stride_width = 2;
        add(Operator::sigmoid, {logits}, graph.outputs[0]);
    }

    Tensor& tensor(int index) { return graph.tensors[static_cast<std::size_t>(index)]; }
    void add(Operator operation, std::vector<int> inputs, int output) {
        Node node;
        node.operation = operation;
        node.inputs = std::move(inputs);
        node.output = output;
        graph.nodes.push_back(std::move(node));
    }
};

TEST(MaskHead, GivesWhatTheOperatorsGive) {
    std::mt19937 random(1);
    const auto between = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    for (int round = 0; round < 40; ++round) {
        const Shape shape{1, between(1, 9), between(1, 33), between(1, 20)};
        SCOPED_TRACE(to_string(shape));
        Ending ending(shape);
        check(ending.graph);
        reference::Array features = reference::random_array(shape, random);
        // From hardly any contrast to nothing but extremes.
        const float contrast = std::exp2(static_cast<float>(between(-3, 6)));
        for (float& feature : features.data)
            feature *= contrast;
        const reference::Array weights = reference::random_array({1, 2, 2, shape[3]}, random);
        const reference::Array bias = reference::random_array({1, 1, 1, 1}, random);
        ending.tensor(ending.weights).data = weights.data;
        ending.tensor(ending.bias).data = bias.data;
        const reference::Array logits = reference::transposed_convolution(features, weights, bias);

        MaskHead head(ending.graph);
        EXPECT_EQ(ending.graph.outputs, std::vector{ending.features});
        check(ending.graph);
        const Plane mask = head.run(features.data);
        ASSERT_EQ(mask.width(), 2 * shape[2]);
        ASSERT_EQ(mask.height(), 2 * shape[1]);
        for (int y = 0; y < mask.height(); ++y) {
            for (int x = 0; x < mask.width(); ++x) {
                const double exact = 255 / (1 + std::exp(-double{logits.at(y, x, 0)}));
                ASSERT_NEAR(mask.row(y)[x], exact, 0.51) << x << " " << y;
            }
        }
    }
}

TEST(MaskHead, WhatIsNotANumberIsNobody) {
    const Shape shape{1, 1, 5, 3};
    Ending ending(shape);
    ending.tensor(ending.weights).data.assign(12, 1.0F);
    MaskHead head(ending.graph);
    constexpr float infinity = std::numeric_limits<float>::infinity();
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    for (const auto& [number, expected] :
         {std::pair{nan, 0}, {infinity, 255}, {-infinity, 0}, {1e30F, 255}, {-1e30F, 0}}) {
        const Plane mask = head.run(std::vector<float>(15, number));
        for (int x = 0; x < 10; ++x)
            EXPECT_EQ(mask.row(x % 2)[x], expected) << number;
    }
}

TEST(MaskHead, RefusesNetworksThatEndInAnotherWay) {
    const auto refused = [](auto change) {
        Ending ending({1, 3, 4, 2});
        change(ending);
        EXPECT_THROW(MaskHead{ending.graph}, Error);
        EXPECT_EQ(ending.graph.nodes.size(), 3U) << "changed all the same";
    };
    refused([](Ending& e) { e.graph.nodes[2].operation = Operator::absolute; });
    refused([](Ending& e) { e.graph.nodes[1].operation = Operator::convolution; });
    refused([](Ending& e) { e.graph.nodes[1].stride_width = 1; });
    refused([](Ending& e) { e.graph.nodes[1].pad_left = 1; });
    refused([](Ending& e) { e.graph.nodes[1].max = 6; });
    refused([](Ending& e) { e.graph.nodes[2].inputs = {e.features}; });
    refused([](Ending& e) { e.graph.outputs.push_back(e.features); });
}

}  // namespace
}  // namespace scrim
