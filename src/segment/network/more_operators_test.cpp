// The operators that MediaPipe's selfie networks do without, tested as in operators_test.cpp.
#include <algorithm>
#include <cmath>
#include <vector>

#include "segment/network/operator_test.h"
#include "segment/network/tflite_maker.h"

namespace scrim {
namespace {

using reference::Array;
using reference::Steps;
using tflite::Activation;
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

TEST(MoreOperators, Abs) {
    test_single(
        BuiltinOperator::ABS, [](float x) { return std::abs(x); }, 20);
}
TEST(MoreOperators, Neg) {
    test_single(
        BuiltinOperator::NEG, [](float x) { return -x; }, 21);
}
TEST(MoreOperators, Square) {
    test_single(
        BuiltinOperator::SQUARE, [](float x) { return x * x; }, 22);
}
TEST(MoreOperators, Sqrt) {
    test_single(
        BuiltinOperator::SQRT, [](float x) { return std::sqrt(x); }, 23, true);
}
TEST(MoreOperators, Rsqrt) {
    test_single(
        BuiltinOperator::RSQRT, [](float x) { return 1 / std::sqrt(x); }, 24, true);
}
TEST(MoreOperators, Exp) {
    test_single(
        BuiltinOperator::EXP, [](float x) { return std::exp(x); }, 25);
}
TEST(MoreOperators, Tanh) {
    test_single(
        BuiltinOperator::TANH, [](float x) { return std::tanh(x); }, 26);
}
TEST(MoreOperators, Elu) {
    test_single(
        BuiltinOperator::ELU, [](float x) { return x < 0 ? std::expm1(x) : x; }, 27);
}
TEST(MoreOperators, ReluN1To1) {
    test_single(
        BuiltinOperator::RELU_N1_TO_1, [](float x) { return std::clamp(x, -1.0F, 1.0F); }, 28);
}

TEST(MoreOperators, ExpKeepsItsPrecisionFarFromZero) {
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

TEST(MoreOperators, LeakyRelu) {
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

TEST(MoreOperators, Prelu) {
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

TEST(MoreOperators, Softmax) {
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

TEST(MoreOperators, PairsOfPictures) {
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

TEST(MoreOperators, PairsWithConstants) {
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

TEST(MoreOperators, FullyConnected) {
    Random random(34);
    for (int round = 0; round < rounds; ++round) {
        const Array in = random.picture(6);
        // Over the channels of each pixel, or all numbers at once.
        const bool flat = random.coin();
        const int inputs = flat ? static_cast<int>(in.data.size()) : in.shape[3];
        const int outputs = random.between(1, 20);
        const Array weights = reference::random_array({outputs, 1, 1, inputs}, random.engine);
        const Array bias = reference::random_array({1, 1, 1, outputs}, random.engine);
        const bool has_bias = random.coin();
        Array rows = in;
        if (flat) rows.shape = {1, 1, 1, inputs};
        const Array product =
            convolution(rows, weights, has_bias ? bias : Array(bias.shape), Steps{}, false);
        Array expected = each(product, reference::relu);
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int matrix = maker.constant_of({outputs, inputs}, weights.data);
        const bool two_sides = random.coin();
        if (two_sides) expected.shape = {1, 1, expected.shape[1] * expected.shape[2], outputs};
        const int output = two_sides ? maker.tensor_of({expected.shape[2], outputs})
                                     : maker.tensor(expected.shape);
        maker.operation(BuiltinOperator::FULLY_CONNECTED,
                        {input, matrix, has_bias ? maker.constant(bias) : -1}, output,
                        tflite::CreateFullyConnectedOptions(maker.builder(), Activation::RELU));
        expect_result(maker.file(input, output), in, expected);
    }
}

TEST(MoreOperators, Concatenation) {
    Random random(35);
    for (int round = 0; round < rounds; ++round) {
        const Array in = random.picture();
        const int axis = random.between(1, 3);
        const Array squared = each(in, [](float x) { return x * x; });
        const Array expected = concatenation(concatenation(in, squared, axis), in, axis);
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int square = maker.tensor(in.shape);
        const int output = maker.tensor(expected.shape);
        maker.operation(BuiltinOperator::SQUARE, {input}, square);
        maker.operation(
            BuiltinOperator::CONCATENATION, {input, square, input}, output,
            tflite::CreateConcatenationOptions(maker.builder(), random.coin() ? axis : axis - 4));
        expect_result(maker.file(input, output), in, expected);
    }
}

// What a pass looks for: the mean of a concatenation.
TEST(MoreOperators, MeanOfAConcatenation) {
    Random random(36);
    for (int round = 0; round < rounds; ++round) {
        const Array in = random.picture();
        const Array both = concatenation(in, each(in, reference::hard_swish), 3);
        const Array expected = mean(both);
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int swish = maker.tensor(in.shape);
        const int both_id = maker.tensor(both.shape);
        const int output = maker.tensor(expected.shape);
        maker.operation(BuiltinOperator::HARD_SWISH, {input}, swish);
        maker.operation(BuiltinOperator::CONCATENATION, {input, swish}, both_id,
                        tflite::CreateConcatenationOptions(maker.builder(), 3));
        maker.operation(BuiltinOperator::MEAN, {both_id, maker.numbers({1, 2})}, output,
                        tflite::CreateReducerOptions(maker.builder(), true));
        expect_result(maker.file(input, output), in, expected);
    }
}

TEST(MoreOperators, Split) {
    Random random(37);
    for (int round = 0; round < rounds; ++round) {
        const int parts = random.between(1, 4);
        const int length = random.between(1, 7);
        const Array in = reference::random_array(
            {1, random.between(1, 9), random.between(1, 9), parts * length}, random.engine);
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        std::vector<int> outputs;
        std::vector<Array> expected;
        const Shape shape{1, in.shape[1], in.shape[2], length};
        for (int part = 0; part < parts; ++part) {
            outputs.push_back(maker.tensor(shape));
            expected.push_back(reference::computed(
                shape, [&](int y, int x, int c) { return in.at(y, x, part * length + c); }));
        }
        maker.operation(BuiltinOperator::SPLIT, {maker.numbers({random.coin() ? 3 : -1}), input},
                        outputs, tflite::CreateSplitOptions(maker.builder(), parts));
        expect_result(maker.file(input, outputs), in, expected);
    }
}

TEST(MoreOperators, Reshape) {
    Random random(38);
    for (int round = 0; round < rounds; ++round) {
        const Array in = random.picture();
        Array expected = in;
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int pixels = in.shape[1] * in.shape[2];
        const bool flat = random.coin();
        expected.shape =
            flat ? Shape{1, 1, 1, pixels * in.shape[3]} : Shape{1, 1, pixels, in.shape[3]};
        const int output = flat ? maker.tensor_of({1, expected.shape[3]})
                                : maker.tensor_of({1, pixels, in.shape[3]});
        maker.operation(BuiltinOperator::RESHAPE, {input, maker.numbers({1, -1})}, output);
        expect_result(maker.file(input, output), in, expected);
    }
}

TEST(MoreOperators, AveragePool) {
    Random random(39);
    for (int round = 0; round < rounds; ++round) {
        const int kh = random.between(1, 4);
        const int kw = random.between(1, 4);
        const Steps s{random.between(1, kh), random.between(1, kw), 1, 1, random.coin()};
        const Array in = reference::random_array(
            {1, random.between(4, 20), random.between(4, 20), random.between(1, 20)},
            random.engine);
        const Array expected = average_pool(in, kh, kw, s);
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(expected.shape);
        const auto padding = s.same ? tflite::Padding::SAME : tflite::Padding::VALID;
        maker.operation(
            BuiltinOperator::AVERAGE_POOL_2D, {input}, output,
            tflite::CreatePool2DOptions(maker.builder(), padding, s.stride_w, s.stride_h, kw, kh));
        expect_result(maker.file(input, output), in, expected);
    }
}

TEST(MoreOperators, MeanOverSomeAxes) {
    Random random(40);
    for (int round = 0; round < rounds; ++round) {
        const Array in = random.picture();
        std::vector<int> axes;
        Shape kept = in.shape;
        while (axes.empty()) {
            for (int axis = 1; axis < 4; ++axis) {
                if (!random.coin()) continue;
                axes.push_back(axis);
                kept[static_cast<std::size_t>(axis)] = 1;
            }
        }
        Array expected(kept);
        for (int y = 0; y < in.shape[1]; ++y) {
            for (int x = 0; x < in.shape[2]; ++x) {
                for (int c = 0; c < in.shape[3]; ++c)
                    expected.at(y % kept[1], x % kept[2], c % kept[3]) += in.at(y, x, c);
            }
        }
        const auto count = static_cast<float>(in.data.size() / expected.data.size());
        expected = each(expected, [&](float sum) { return sum / count; });
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const bool keep = random.coin();
        std::vector<int> sides{1};
        for (int axis = 1; axis < 4; ++axis) {
            const bool gone = std::find(axes.begin(), axes.end(), axis) != axes.end();
            if (keep || !gone) sides.push_back(kept[static_cast<std::size_t>(axis)]);
        }
        const int output = maker.tensor_of(sides);
        expected.shape = {1, 1, 1, 1};
        std::copy(sides.rbegin(), sides.rend(), expected.shape.rbegin());
        maker.operation(BuiltinOperator::MEAN, {input, maker.numbers(axes)}, output,
                        tflite::CreateReducerOptions(maker.builder(), keep));
        expect_result(maker.file(input, output), in, expected);
    }
}

TEST(MoreOperators, PadOfChannels) {
    Random random(41);
    for (int round = 0; round < rounds; ++round) {
        const Array in = random.picture();
        const int before = random.between(0, 5);
        const int after = random.between(0, 5);
        const int top = random.between(0, 2);
        Shape shape = in.shape;
        shape[1] += top;
        shape[3] += before + after;
        const Array expected = reference::computed(shape, [&](int y, int x, int c) {
            const bool inside = c >= before && c < before + in.shape[3];
            return inside ? in.padded(y - top, x, c - before) : 0.0F;
        });
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(shape);
        maker.operation(BuiltinOperator::PAD,
                        {input, maker.numbers({0, 0, top, 0, 0, 0, before, after})}, output);
        expect_result(maker.file(input, output), in, expected);
    }
}

TEST(MoreOperators, TransposedConvolution) {
    Random random(42);
    for (int round = 0; round < rounds; ++round) {
        const int kh = random.between(1, 4);
        const int kw = random.between(1, 4);
        const Steps s{random.between(1, kh), random.between(1, kw), 1, 1, random.coin()};
        const Array in = random.picture();
        const Array weights =
            reference::random_array({random.between(1, 9), kh, kw, in.shape[3]}, random.engine);
        const bool has_bias = random.coin();
        const Shape list{1, 1, 1, weights.shape[0]};
        const Array bias = has_bias ? reference::random_array(list, random.engine) : Array(list);
        const Shape whole{1, (in.shape[1] - 1) * s.stride_h + kh,
                          (in.shape[2] - 1) * s.stride_w + kw, weights.shape[0]};
        Shape shape = whole;
        if (s.same) {
            shape[1] = in.shape[1] * s.stride_h;
            shape[2] = in.shape[2] * s.stride_w;
        }
        const Array expected = transposed_convolution(
            in, weights, bias, s, shape, (whole[1] - shape[1]) / 2, (whole[2] - shape[2]) / 2);
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(shape);
        std::vector<int> inputs{
            maker.numbers({1, shape[1], shape[2], shape[3]}),
            maker.constant_of({weights.shape.begin(), weights.shape.end()}, weights.data), input};
        if (has_bias) inputs.push_back(maker.constant(bias));
        const auto padding = s.same ? tflite::Padding::SAME : tflite::Padding::VALID;
        maker.operation(
            BuiltinOperator::TRANSPOSE_CONV, inputs, output,
            tflite::CreateTransposeConvOptions(maker.builder(), padding, s.stride_w, s.stride_h));
        expect_result(maker.file(input, output), in, expected);
    }
}

}  // namespace
}  // namespace scrim
