// Operators that treat each number by itself or two at the same place, tested as in
// operators_test.cpp.
#include <algorithm>
#include <cmath>
#include <vector>

#include "segment/network/operator_test.h"
#include "segment/network/tflite_maker.h"

namespace scrim {
namespace {

using reference::Array;
using tflite::BuiltinOperator;

using Function = float (*)(float);

/// One operator without options, on numbers of +-5 (or only positive ones).
void test_single(BuiltinOperator code, Function function, unsigned seed, bool positive = false) {
    Random random(seed);
    for (int round = 0; round < rounds; ++round) {
        const Array in = each(random.picture(),
                              [&](float x) { return positive ? std::abs(x) + 0.01F : 2.5F * x; });
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(in.shape);
        maker.operation(code, {input}, output);
        expect_result(maker.file(input, output), in, each(in, function));
    }
}

TEST(Elementwise, Abs) {
    test_single(
        BuiltinOperator::ABS, [](float x) { return std::abs(x); }, 20);
}
TEST(Elementwise, Neg) {
    test_single(
        BuiltinOperator::NEG, [](float x) { return -x; }, 21);
}
TEST(Elementwise, Square) {
    test_single(
        BuiltinOperator::SQUARE, [](float x) { return x * x; }, 22);
}
TEST(Elementwise, Sqrt) {
    test_single(
        BuiltinOperator::SQRT, [](float x) { return std::sqrt(x); }, 23, true);
}
TEST(Elementwise, Rsqrt) {
    test_single(
        BuiltinOperator::RSQRT, [](float x) { return 1 / std::sqrt(x); }, 24, true);
}
TEST(Elementwise, Exp) {
    test_single(
        BuiltinOperator::EXP, [](float x) { return std::exp(x); }, 25);
}
TEST(Elementwise, Tanh) {
    test_single(
        BuiltinOperator::TANH, [](float x) { return std::tanh(x); }, 26);
}
TEST(Elementwise, Elu) {
    test_single(
        BuiltinOperator::ELU, [](float x) { return x < 0 ? std::expm1(x) : x; }, 27);
}
TEST(Elementwise, ReluN1To1) {
    test_single(
        BuiltinOperator::RELU_N1_TO_1, [](float x) { return std::clamp(x, -1.0F, 1.0F); }, 28);
}

TEST(Elementwise, ExpKeepsItsPrecisionFarFromZero) {
    const Array in = [] {
        Array array({1, 1, 1, 5});
        array.data = {-30, -10, 10, 30, 60};
        return array;
    }();
    TfliteMaker maker;
    const int input = maker.tensor(in.shape);
    const int output = maker.tensor(in.shape);
    maker.operation(BuiltinOperator::EXP, {input}, output);
    Network network(import_tflite(maker.file(input, output)));
    std::copy(in.data.begin(), in.data.end(), network.input().begin());
    network.run();
    for (std::size_t i = 0; i < in.data.size(); ++i)
        EXPECT_NEAR(network.output()[i] / std::exp(in.data[i]), 1, 1e-5) << in.data[i];
}

TEST(Elementwise, LeakyRelu) {
    Random random(29);
    for (int round = 0; round < rounds; ++round) {
        const Array in = random.picture();
        const float slope = 0.1F * static_cast<float>(random.between(-5, 15));
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(in.shape);
        maker.operation(BuiltinOperator::LEAKY_RELU, {input}, output,
                        tflite::CreateLeakyReluOptions(maker.builder(), slope));
        expect_result(maker.file(input, output), in,
                      each(in, [&](float x) { return x < 0 ? slope * x : x; }));
    }
}

TEST(Elementwise, Prelu) {
    Random random(30);
    for (int round = 0; round < rounds; ++round) {
        const Array in = random.picture();
        const Array slopes = reference::random_array({1, 1, 1, in.shape[3]}, random.engine);
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(in.shape);
        maker.operation(BuiltinOperator::PRELU,
                        {input, maker.constant_of({1, 1, in.shape[3]}, slopes.data)}, output);
        expect_result(maker.file(input, output), in,
                      pairwise(in, slopes, [](float x, float s) { return x < 0 ? s * x : x; }));
    }
}

TEST(Elementwise, Softmax) {
    Random random(31);
    for (int round = 0; round < rounds; ++round) {
        const Array in = random.picture();
        const float beta = random.coin() ? 1.0F : 2.5F;
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(in.shape);
        maker.operation(BuiltinOperator::SOFTMAX, {input}, output,
                        tflite::CreateSoftmaxOptions(maker.builder(), beta));
        expect_result(maker.file(input, output), in, reference::softmax(in, beta));
    }
}

struct Pair {
    BuiltinOperator code;
    float (*function)(float, float);
};

/// The operator with the options that it needs, no activation.
void add_pair(TfliteMaker& maker, BuiltinOperator code, const std::vector<int>& inputs,
              int output) {
    switch (code) {
        case BuiltinOperator::ADD:
            return maker.operation(code, inputs, output, tflite::CreateAddOptions(maker.builder()));
        case BuiltinOperator::SUB:
            return maker.operation(code, inputs, output, tflite::CreateSubOptions(maker.builder()));
        case BuiltinOperator::MUL:
            return maker.operation(code, inputs, output, tflite::CreateMulOptions(maker.builder()));
        case BuiltinOperator::DIV:
            return maker.operation(code, inputs, output, tflite::CreateDivOptions(maker.builder()));
        default:
            return maker.operation(code, inputs, output);
    }
}

const std::vector<Pair> pairs{
    {BuiltinOperator::ADD, [](float a, float b) { return a + b; }},
    {BuiltinOperator::SUB, [](float a, float b) { return a - b; }},
    {BuiltinOperator::MUL, [](float a, float b) { return a * b; }},
    {BuiltinOperator::DIV, [](float a, float b) { return a / b; }},
    {BuiltinOperator::MAXIMUM, [](float a, float b) { return std::max(a, b); }},
    {BuiltinOperator::MINIMUM, [](float a, float b) { return std::min(a, b); }},
    {BuiltinOperator::SQUARED_DIFFERENCE, [](float a, float b) { return (a - b) * (a - b); }},
};

/// Away from zero, to be divided by.
float apart(float x) {
    return x < 0 ? x - 0.5F : x + 0.5F;
}

TEST(Elementwise, PairsOfPictures) {
    Random random(32);
    for (int round = 0; round < rounds; ++round) {
        const Array in = each(random.picture(), apart);
        const Array second = each(in, [](float x) { return x * x; });
        for (const Pair& pair : pairs) {
            TfliteMaker maker;
            const int input = maker.tensor(in.shape);
            const int squared = maker.tensor(in.shape);
            const int output = maker.tensor(in.shape);
            maker.operation(BuiltinOperator::SQUARE, {input}, squared);
            const bool swapped = random.coin();
            add_pair(maker, pair.code,
                     swapped ? std::vector{squared, input} : std::vector{input, squared}, output);
            expect_result(maker.file(input, output), in,
                          swapped ? pairwise(second, in, pair.function)
                                  : pairwise(in, second, pair.function));
            if (testing::Test::HasFatalFailure()) return;
        }
    }
}

TEST(Elementwise, PairsWithConstants) {
    Random random(33);
    for (int round = 0; round < rounds; ++round) {
        const Array in = each(random.picture(), apart);
        const bool single = random.coin();
        const Array numbers = each(
            reference::random_array({1, 1, 1, single ? 1 : in.shape[3]}, random.engine), apart);
        for (const Pair& pair : pairs) {
            TfliteMaker maker;
            const int input = maker.tensor(in.shape);
            const int constant = single && random.coin() ? maker.constant_of({}, numbers.data)
                                                         : maker.constant(numbers);
            const int output = maker.tensor(in.shape);
            const bool swapped = random.coin();
            add_pair(maker, pair.code,
                     swapped ? std::vector{constant, input} : std::vector{input, constant}, output);
            expect_result(maker.file(input, output), in,
                          swapped ? pairwise(numbers, in, pair.function)
                                  : pairwise(in, numbers, pair.function));
            if (testing::Test::HasFatalFailure()) return;
        }
    }
}

}  // namespace
}  // namespace scrim
