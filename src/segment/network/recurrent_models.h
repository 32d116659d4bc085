#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "segment/network/tfjs_maker.h"
#include "segment/network/tflite_maker.h"

namespace scrim {

/// Small networks with a memory, for tests: the exponential average of the brightness.
///
///     state_out = 0.9 * state + gain * (red + green + blue), mask = sigmoid(8 * state_out - 4)
///
/// pictures of 4x6.
struct RunningAverage {
    float gain = 0.1F / 3;
    float state = 0;

    /// The mask of a pixel.
    float next(float red, float green, float blue) {
        state = 0.9F * state + gain * (red + green + blue);
        return 1 / (1 + std::exp(4 - 8 * state));
    }
};

/// Inputs "tensor0" (picture) and "tensor1"; outputs "tensor2" (mask) and "tensor3".
inline std::vector<std::byte> recurrent_tflite(float gain = RunningAverage{}.gain) {
    using tflite::BuiltinOperator;
    const Shape plane{1, 4, 6, 1};
    TfliteMaker maker;
    const int picture = maker.tensor({1, 4, 6, 3});
    const int state = maker.tensor(plane);
    const int mask = maker.tensor(plane);
    const int state_out = maker.tensor(plane);
    const auto convolution = [&](int from, const Shape& weights, float weight, float bias, int to) {
        reference::Array all(weights);
        for (float& one : all.data)
            one = weight;
        reference::Array biases({1, 1, 1, 1});
        biases.data = {bias};
        maker.operation(BuiltinOperator::CONV_2D,
                        {from, maker.constant(all), maker.constant(biases)}, to,
                        tflite::CreateConv2DOptions(maker.builder(), tflite::Padding::SAME, 1, 1));
    };
    const int brightness = maker.tensor(plane);
    convolution(picture, {1, 1, 1, 3}, gain, 0, brightness);
    const int faded = maker.tensor(plane);
    maker.operation(BuiltinOperator::MUL, {state, maker.constant_of({1}, {0.9F})}, faded,
                    tflite::CreateMulOptions(maker.builder()));
    maker.operation(BuiltinOperator::ADD, {faded, brightness}, state_out,
                    tflite::CreateAddOptions(maker.builder()));
    const int logits = maker.tensor(plane);
    convolution(state_out, {1, 1, 1, 1}, 8, -4, logits);
    maker.operation(BuiltinOperator::LOGISTIC, {logits}, mask);
    return maker.file_of({picture, state}, {mask, state_out});
}

/// Inputs "state" of open size and "picture"; outputs "mask" and "state_out". Of a size of its own,
/// `side` times smaller, for a stride on the card.
inline TfjsMaker recurrent_model(int side = 1) {
    const RunningAverage average;
    TfjsMaker maker;
    const TfjsMaker::Json unit{{"strides", TfjsMaker::list({1, side, side, 1})},
                               {"padding", TfjsMaker::text("SAME")}};
    const TfjsMaker::Json pixel{{"strides", TfjsMaker::list({1, 1, 1, 1})},
                                {"padding", TfjsMaker::text("SAME")}};
    std::vector<float> gains(3, average.gain);
    std::vector<float> fade{0.9F};
    std::vector<float> steep{8};
    std::vector<float> shift{-4};
    maker.input("state", {-1, -1, -1, 1});
    maker.input();
    maker.constant("gain", {1, 1, 3, 1}, gains);
    maker.node("brightness", "Conv2D", {"picture", "gain"}, unit);
    maker.constant("fade", {1}, fade);
    maker.node("faded", "Mul", {"state", "fade"});
    maker.node("sum", "AddV2", {"faded", "brightness"});
    maker.node("state_out", "Identity", {"sum"});
    maker.constant("steep", {1, 1, 1, 1}, steep);
    maker.constant("shift", {1}, shift);
    maker.node("steeper", "Conv2D", {"sum", "steep"}, pixel);
    maker.node("logits", "BiasAdd", {"steeper", "shift"});
    maker.node("mask", "Sigmoid", {"logits"});
    return maker;
}

}  // namespace scrim
