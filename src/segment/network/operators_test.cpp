// Every operator on its way from a .tflite file through the importer, the passes and XNNPACK,
// against its plain version, on random small shapes.
#include <vector>

#include <gtest/gtest.h>

#include "segment/network/operator_test.h"
#include "segment/network/tflite_maker.h"

namespace scrim {
namespace {

using reference::Array;
using reference::Steps;
using tflite::Activation;
using tflite::BuiltinOperator;

float activated(Activation activation, float x) {
    if (activation == Activation::RELU) return reference::relu(x);
    if (activation == Activation::RELU6) return reference::relu6(x);
    return x;
}

void test_convolution(bool depthwise, unsigned seed) {
    Random random(seed);
    for (int round = 0; round < rounds; ++round) {
        const Steps s{random.between(1, 3), random.between(1, 3), random.between(1, 2),
                      random.between(1, 2), random.coin()};
        const int kh = random.between(1, 5);
        const int kw = random.between(1, 5);
        const int in_channels = random.between(1, 20);
        const int out_channels = depthwise ? in_channels : random.between(1, 20);
        const Array in = reference::random_array(
            {1, random.between(9, 20), random.between(9, 20), in_channels}, random.engine);
        Array weights = reference::random_array({depthwise ? 1 : out_channels, kh, kw, in_channels},
                                                random.engine);
        Array bias = reference::random_array({1, 1, 1, out_channels}, random.engine);
        const auto activation = static_cast<Activation>(random.coin() ? 0 : random.coin() ? 1 : 3);

        TfliteMaker maker;
        const bool half = random.coin();
        const int input = maker.tensor(in.shape);
        const int weights_id = half ? maker.half_constant(weights) : maker.constant(weights);
        const int bias_id = half ? maker.half_constant(bias) : maker.constant(bias);
        const Array expected = each(convolution(in, weights, bias, s, depthwise),
                                    [&](float x) { return activated(activation, x); });
        const int output = maker.tensor(expected.shape);
        const auto padding = s.same ? tflite::Padding::SAME : tflite::Padding::VALID;
        if (depthwise) {
            maker.operation(
                BuiltinOperator::DEPTHWISE_CONV_2D, {input, weights_id, bias_id}, output,
                tflite::CreateDepthwiseConv2DOptions(maker.builder(), padding, s.stride_w,
                                                     s.stride_h, 1, activation, s.dilation_w,
                                                     s.dilation_h));
        } else {
            maker.operation(
                BuiltinOperator::CONV_2D, {input, weights_id, bias_id}, output,
                tflite::CreateConv2DOptions(maker.builder(), padding, s.stride_w, s.stride_h,
                                            activation, s.dilation_w, s.dilation_h));
        }
        expect_result(maker.file(input, output), in, expected);
        if (testing::Test::HasFatalFailure()) return;
    }
}

TEST(Operators, Convolution) {
    test_convolution(false, 1);
}

TEST(Operators, DepthwiseConvolution) {
    test_convolution(true, 2);
}

TEST(Operators, TransposedConvolution) {
    Random random(3);
    for (int round = 0; round < rounds; ++round) {
        const int kh = random.between(1, 4);
        const int kw = random.between(1, 4);
        const int channels = random.between(1, 20);
        const Array in = reference::random_array(
            {1, random.between(1, 9), random.between(1, 9), channels}, random.engine);
        const Array weights =
            reference::random_array({random.between(1, 9), kh, kw, channels}, random.engine);
        const Array bias = reference::random_array({1, 1, 1, weights.shape[0]}, random.engine);
        const Array expected = transposed_convolution(in, weights, bias);
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(expected.shape);
        maker.custom("Convolution2DTransposeBias",
                     {input, maker.constant(weights), maker.constant(bias)}, output, {1, kw, kh});
        expect_result(maker.file(input, output), in, expected);
    }
}

void test_single(BuiltinOperator code, float (*function)(float), unsigned seed) {
    Random random(seed);
    for (int round = 0; round < rounds; ++round) {
        const Array in = each(reference::random_array({1, random.between(1, 9),
                                                       random.between(1, 9), random.between(1, 20)},
                                                      random.engine),
                              [](float x) { return 5 * x; });
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(in.shape);
        maker.operation(code, {input}, output);
        expect_result(maker.file(input, output), in, each(in, function));
    }
}

TEST(Operators, HardSwish) {
    test_single(BuiltinOperator::HARD_SWISH, reference::hard_swish, 4);
}
TEST(Operators, Logistic) {
    test_single(BuiltinOperator::LOGISTIC, reference::sigmoid, 5);
}
TEST(Operators, Relu) {
    test_single(BuiltinOperator::RELU, reference::relu, 6);
}
TEST(Operators, Relu6) {
    test_single(BuiltinOperator::RELU6, reference::relu6, 7);
}

/// Input a and the mean of a (1x1 or the same size), so that there are two computed tensors.
template <typename MakeOptions>
void test_pair(BuiltinOperator code, float (*function)(float, float), MakeOptions make_options,
               unsigned seed) {
    Random random(seed);
    for (int round = 0; round < rounds; ++round) {
        const Array in = reference::random_array(
            {1, random.between(1, 9), random.between(1, 9), random.between(1, 20)}, random.engine);
        const bool broadcast = random.coin();
        const Array second = broadcast ? mean(in) : each(in, reference::hard_swish);
        const auto activation = random.coin() ? Activation::RELU6 : Activation::NONE;
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int second_id = maker.tensor(second.shape);
        const int output = maker.tensor(in.shape);
        if (broadcast) {
            maker.operation(BuiltinOperator::MEAN, {input, maker.numbers({1, 2})}, second_id,
                            tflite::CreateReducerOptions(maker.builder(), true));
        } else {
            maker.operation(BuiltinOperator::HARD_SWISH, {input}, second_id);
        }
        const bool swapped = random.coin();
        const std::vector<int> inputs{swapped ? second_id : input, swapped ? input : second_id};
        maker.operation(code, inputs, output, make_options(maker.builder(), activation));
        const Array expected =
            each(swapped ? pairwise(second, in, function) : pairwise(in, second, function),
                 [&](float x) { return activated(activation, x); });
        expect_result(maker.file(input, output), in, expected);
    }
}

TEST(Operators, Add) {
    test_pair(
        BuiltinOperator::ADD, [](float a, float b) { return a + b; }, tflite::CreateAddOptions, 8);
}

TEST(Operators, Subtract) {
    test_pair(
        BuiltinOperator::SUB, [](float a, float b) { return a - b; }, tflite::CreateSubOptions, 13);
}

TEST(Operators, Multiply) {
    test_pair(
        BuiltinOperator::MUL, [](float a, float b) { return a * b; }, tflite::CreateMulOptions, 9);
}

TEST(Operators, MeanAndWholePool) {
    Random random(10);
    for (int round = 0; round < rounds; ++round) {
        const int h = random.between(1, 40);
        const int w = random.between(1, 40);
        const Array in = reference::random_array({1, h, w, random.between(1, 40)}, random.engine);
        const Array expected = mean(in);
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(expected.shape);
        if (random.coin()) {
            maker.operation(
                BuiltinOperator::AVERAGE_POOL_2D, {input}, output,
                tflite::CreatePool2DOptions(maker.builder(), tflite::Padding::VALID, w, h, w, h));
        } else {
            maker.operation(BuiltinOperator::MEAN, {input, maker.numbers({2, -3})}, output,
                            tflite::CreateReducerOptions(maker.builder(), true));
        }
        expect_result(maker.file(input, output), in, expected);
    }
}

TEST(Operators, MaxPool) {
    Random random(14);
    for (int round = 0; round < rounds; ++round) {
        const int kh = random.between(1, 4);
        const int kw = random.between(kh == 1 ? 2 : 1, 4);
        const Steps s{random.between(1, kh), random.between(1, kw), 1, 1, random.coin()};
        const Array in = reference::random_array(
            {1, random.between(4, 20), random.between(4, 20), random.between(1, 20)},
            random.engine);
        const Array expected = max_pool(in, kh, kw, s);
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(expected.shape);
        const auto padding = s.same ? tflite::Padding::SAME : tflite::Padding::VALID;
        maker.operation(
            BuiltinOperator::MAX_POOL_2D, {input}, output,
            tflite::CreatePool2DOptions(maker.builder(), padding, s.stride_w, s.stride_h, kw, kh));
        expect_result(maker.file(input, output), in, expected);
    }
}

TEST(Operators, Pad) {
    Random random(15);
    for (int round = 0; round < rounds; ++round) {
        const Array in = reference::random_array(
            {1, random.between(1, 9), random.between(1, 9), random.between(1, 20)}, random.engine);
        const int top = random.between(0, 5);
        const int bottom = random.between(0, 5);
        const int left = random.between(0, 5);
        const int right = random.between(0, 5);
        const int channels = random.between(0, 5);
        const Array expected = pad(in, top, bottom, left, right, channels);
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(expected.shape);
        maker.operation(BuiltinOperator::PAD,
                        {input, maker.numbers({0, 0, top, bottom, left, right, 0, channels})},
                        output);
        expect_result(maker.file(input, output), in, expected);
    }
}

TEST(Operators, Resize) {
    Random random(11);
    for (int round = 0; round < rounds; ++round) {
        const Array in = reference::random_array(
            {1, random.between(1, 9), random.between(1, 9), random.between(1, 20)}, random.engine);
        const Array expected = resize(in, random.between(1, 30), random.between(1, 30));
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int output = maker.tensor(expected.shape);
        maker.operation(BuiltinOperator::RESIZE_BILINEAR,
                        {input, maker.numbers({expected.shape[1], expected.shape[2]})}, output,
                        tflite::CreateResizeBilinearOptions(maker.builder(), false, true));
        expect_result(maker.file(input, output), in, expected);
    }
}

// What the passes look for: a 1x1 convolution behind an enlargement, and a clamp behind it.
TEST(Operators, EnlargedThenConvolvedThenClamped) {
    Random random(12);
    for (int round = 0; round < rounds; ++round) {
        const int h = random.between(1, 9);
        const int w = random.between(1, 9);
        const Array in = reference::random_array({1, h, w, random.between(1, 20)}, random.engine);
        const Array large = resize(in, 2 * h, 3 * w);
        const Array weights =
            reference::random_array({random.between(1, 9), 1, 1, in.shape[3]}, random.engine);
        const Array bias = reference::random_array({1, 1, 1, weights.shape[0]}, random.engine);
        const Array convolved = convolution(large, weights, bias, Steps{}, false);
        const bool clamped = random.coin();
        TfliteMaker maker;
        const int input = maker.tensor(in.shape);
        const int large_id = maker.tensor(large.shape);
        const int convolved_id = maker.tensor(convolved.shape);
        const int output = maker.tensor(convolved.shape);
        maker.operation(BuiltinOperator::RESIZE_BILINEAR, {input, maker.numbers({2 * h, 3 * w})},
                        large_id,
                        tflite::CreateResizeBilinearOptions(maker.builder(), false, true));
        maker.operation(BuiltinOperator::CONV_2D,
                        {large_id, maker.constant(weights), maker.constant(bias)}, convolved_id,
                        tflite::CreateConv2DOptions(maker.builder(), tflite::Padding::SAME, 1, 1));
        maker.operation(clamped ? BuiltinOperator::RELU : BuiltinOperator::LOGISTIC, {convolved_id},
                        output);
        expect_result(maker.file(input, output), in,
                      each(convolved, clamped ? reference::relu : reference::sigmoid));
    }
}

}  // namespace
}  // namespace scrim
