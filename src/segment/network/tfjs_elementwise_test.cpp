// As in tfjs_operators_test.cpp: operators that treat each number by itself or two at the same
// place, and those that put channels together.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "segment/network/operator_test.h"
#include "segment/network/tfjs_importer.h"
#include "segment/network/tfjs_maker.h"

namespace scrim {
namespace {

using reference::Array;
using reference::Steps;

/// Imports and runs the model on the picture, both as it is and simplified.
void expect_result(TfjsMaker& maker, const Array& in, const Array& expected) {
    for (const bool simple : {false, true}) {
        Graph graph = maker.import({in.shape[1], in.shape[2], {"result"}});
        if (simple) simplify(graph);
        Network network(std::move(graph));
        std::copy(in.data.begin(), in.data.end(), network.input().begin());
        network.run();
        ASSERT_EQ(network.output_shape(), expected.shape);
        for (std::size_t i = 0; i < expected.data.size(); ++i) {
            const float tolerance = 1e-4F * std::max(1.0F, std::abs(expected.data[i]));
            ASSERT_NEAR(network.output()[i], expected.data[i], tolerance) << "at " << i;
        }
    }
}

/// Away from zero, to be divided by.
float apart(float x) {
    return x < 0 ? x - 0.5F : x + 0.5F;
}

Array picture(Random& random) {
    return each(
        reference::random_array({1, random.between(1, 9), random.between(1, 9), 3}, random.engine),
        apart);
}

TEST(TfjsElementwise, Single) {
    struct Single {
        const char* name;
        float (*function)(float);
    };
    Random random(50);
    for (const Single& single : {
             Single{"Abs", [](float x) { return std::abs(x); }},
             Single{"Neg", [](float x) { return -x; }},
             Single{"Square", [](float x) { return x * x; }},
             Single{"Elu", [](float x) { return x < 0 ? std::expm1(x) : x; }},
             Single{"Tanh", [](float x) { return std::tanh(x); }},
             Single{"Exp", [](float x) { return std::exp(x); }},
             Single{"LeakyRelu", [](float x) { return x < 0 ? 0.2F * x : x; }},
             Single{"Relu", reference::relu},
             Single{"Relu6", reference::relu6},
             Single{"Sigmoid", reference::sigmoid},
         }) {
        const Array in = picture(random);
        TfjsMaker maker;
        maker.input();
        maker.node("result", single.name, {"picture"});
        SCOPED_TRACE(single.name);
        expect_result(maker, in, each(in, single.function));
    }
    const Array in = picture(random);
    for (const bool reciprocal : {false, true}) {
        TfjsMaker maker;
        maker.input();
        maker.node("square", "Square", {"picture"});
        maker.node("result", reciprocal ? "Rsqrt" : "Sqrt", {"square"});
        expect_result(maker, in, each(in, [&](float x) {
                          return reciprocal ? 1 / std::abs(x) : std::abs(x);
                      }));
    }
}

struct Pair {
    const char* name;
    float (*function)(float, float);
};

const std::vector<Pair> pairs{
    {"AddV2", [](float a, float b) { return a + b; }},
    {"Sub", [](float a, float b) { return a - b; }},
    {"Mul", [](float a, float b) { return a * b; }},
    {"RealDiv", [](float a, float b) { return a / b; }},
    {"Maximum", [](float a, float b) { return std::max(a, b); }},
    {"Minimum", [](float a, float b) { return std::min(a, b); }},
    {"SquaredDifference", [](float a, float b) { return (a - b) * (a - b); }},
};

TEST(TfjsElementwise, PairsOfPicturesAndWithConstants) {
    Random random(51);
    for (const Pair& pair : pairs) {
        for (int round = 0; round < rounds; ++round) {
            SCOPED_TRACE(pair.name);
            const Array in = picture(random);
            const int kind = random.between(0, 2);  // another picture, channels, one number
            const Array second =
                kind == 0
                    ? each(in, [](float x) { return x * x; })
                    : each(reference::random_array({1, 1, 1, kind == 1 ? 3 : 1}, random.engine),
                           apart);
            TfjsMaker maker;
            maker.input();
            if (kind == 0) {
                maker.node("second", "Square", {"picture"});
            } else {
                std::vector<float> numbers = second.data;
                maker.constant("second", kind == 1 ? std::vector{3} : std::vector<int>{}, numbers);
            }
            const bool swapped = random.coin();
            const std::string first = swapped ? "second" : "picture";
            maker.node("result", pair.name, {first, swapped ? "picture" : "second"});
            expect_result(maker, in,
                          swapped ? pairwise(second, in, pair.function)
                                  : pairwise(in, second, pair.function));
        }
    }
}

TEST(TfjsElementwise, Prelu) {
    Random random(52);
    const Array in = picture(random);
    Array slopes({1, 1, 1, 3});
    slopes.data = {-0.5F, 0.25F, 2};
    std::vector<float> numbers = slopes.data;
    TfjsMaker maker;
    maker.input();
    maker.constant("slopes", {3}, numbers);
    maker.node("result", "Prelu", {"picture", "slopes"});
    expect_result(maker, in,
                  pairwise(in, slopes, [](float x, float s) { return x < 0 ? s * x : x; }));
}

TEST(TfjsElementwise, ConcatenationAndSoftmax) {
    Random random(53);
    for (int round = 0; round < rounds; ++round) {
        const Array in = picture(random);
        const int axis = random.between(1, 3);
        const Array both = concatenation(in, each(in, [](float x) { return x * x; }), axis);
        TfjsMaker maker;
        maker.input();
        maker.node("square", "Square", {"picture"});
        maker.numbers("axis", {}, {random.coin() ? axis : axis - 4});
        maker.node("both", "ConcatV2", {"picture", "square", "axis"});
        maker.node("result", "Softmax", {"both"});
        expect_result(maker, in, reference::softmax(both, 1));
    }
}

TEST(TfjsElementwise, AveragePool) {
    Random random(54);
    for (int round = 0; round < rounds; ++round) {
        const Array in = reference::random_array(
            {1, random.between(4, 20), random.between(4, 20), 3}, random.engine);
        const int kernel = random.between(2, 4);
        const Steps s{random.between(1, kernel), random.between(1, kernel), 1, 1, random.coin()};
        TfjsMaker maker;
        maker.input();
        maker.node("result", "AvgPool", {"picture"},
                   {{"ksize", TfjsMaker::list({1, kernel, kernel, 1})},
                    {"strides", TfjsMaker::list({1, s.stride_h, s.stride_w, 1})},
                    {"padding", TfjsMaker::text(s.same ? "SAME" : "VALID")}});
        expect_result(maker, in, average_pool(in, kernel, kernel, s));
    }
}

}  // namespace
}  // namespace scrim
