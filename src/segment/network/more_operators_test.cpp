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
        const std::size_t count = in.data.size() / expected.data.size();
        expected = each(expected, [&](float sum) { return sum / static_cast<float>(count); });
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
