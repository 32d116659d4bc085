#include "segment/network/mask_head.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "util/avx2.h"
#include "util/error.h"

namespace scrim {
namespace {

bool enlarges_without_overlap(const Graph& graph, const Node& node) {
    if (node.operation != Operator::transposed_convolution) return false;
    const Shape& weights = graph.tensors[static_cast<std::size_t>(node.inputs[1])].shape;
    const std::array options{node.stride_height, node.stride_width, weights[1], weights[2]};
    const std::array padding{node.pad_top, node.pad_bottom, node.pad_left, node.pad_right};
    return options == std::array{2, 2, 2, 2} && padding == std::array{0, 0, 0, 0} &&
           weights[0] == 1 && std::isinf(node.min) && std::isinf(node.max);
}

/// 255 times the sigmoid of the numbers. 2^t is made of the exponent's bits for the whole part of
/// t, and of the Taylor series for what is left, at most a half: good to 2e-7.
SCRIM_AVX2_TOO void probabilities(const float* __restrict in, std::uint8_t* __restrict out,
                                  int count) {
    constexpr float log2_of_e = 1.44269504F;
    constexpr float extreme = 80;
    constexpr float half = 0.5F;
    constexpr float to_integer = 12582912;  // 1.5 * 2^23: adding it rounds off the fraction
    for (int i = 0; i < count; ++i) {
        float x = in[i] > -extreme ? in[i] : -extreme;
        x = x < extreme ? x : extreme;
        const float t = -log2_of_e * x;
        const float shifted = t + to_integer;
        const int whole = std::bit_cast<int>(shifted) - std::bit_cast<int>(to_integer);
        const float f = t - (shifted - to_integer);
        const float power =
            1 + f * (0.693147181F +
                     f * (0.240226507F +
                          f * (0.0555041087F +
                               f * (0.00961812911F + f * (0.00133335581F + f * 0.000154035304F)))));
        const float exp = power * std::bit_cast<float>((whole + 127) << 23);
        out[i] = static_cast<std::uint8_t>(static_cast<int>(255 / (1 + exp) + half));
    }
}

using Four = MaskHead::Four;

/// A row of features to two rows of the mask. Two pixels at once: each has its own chain of
/// additions.
SCRIM_AVX2_TOO void enlarge(const float* features, int width, const Four* weights, int channels,
                            Four bias, float* above, float* below) {
    int x = 0;
    for (; x + 1 < width; x += 2) {
        Four left = bias;
        Four right = bias;
        for (int i = 0; i < channels; ++i) {
            left += features[i] * weights[i];
            right += features[channels + i] * weights[i];
        }
        features += 2 * channels;
        const Four up = __builtin_shufflevector(left, right, 0, 1, 4, 5);
        const Four down = __builtin_shufflevector(left, right, 2, 3, 6, 7);
        std::memcpy(above + 2 * x, &up, sizeof up);
        std::memcpy(below + 2 * x, &down, sizeof down);
    }
    if (x == width) return;
    Four last = bias;
    for (int i = 0; i < channels; ++i)
        last += features[i] * weights[i];
    std::copy_n(std::array{last[0], last[1]}.begin(), 2, above + 2 * x);
    std::copy_n(std::array{last[2], last[3]}.begin(), 2, below + 2 * x);
}

}  // namespace

MaskHead::MaskHead(Graph& graph) {
    const std::size_t count = graph.nodes.size();
    const auto ends_as_expected = [&] {
        if (count < 3 || graph.outputs.size() != 1) return false;
        const Node& sigmoid = graph.nodes[count - 1];
        return sigmoid.operation == Operator::sigmoid && sigmoid.output == graph.outputs[0] &&
               sigmoid.inputs[0] == graph.nodes[count - 2].output &&
               enlarges_without_overlap(graph, graph.nodes[count - 2]);
    };
    if (!ends_as_expected()) throw Error("it does not end in an enlargement and a sigmoid");
    const Node enlargement = graph.nodes[count - 2];
    graph.nodes.resize(count - 2);
    graph.outputs = {enlargement.inputs[0]};

    const auto tensor = [&](std::size_t input) -> const Tensor& {
        return graph.tensors[static_cast<std::size_t>(enlargement.inputs[input])];
    };
    height_ = tensor(0).shape[1];
    width_ = tensor(0).shape[2];
    const std::vector<float>& weights = tensor(1).data;
    const std::size_t channels = weights.size() / 4;
    for (std::size_t i = 0; i < channels; ++i) {
        weights_.push_back(Four{weights[i], weights[channels + i], weights[2 * channels + i],
                                weights[3 * channels + i]});
    }
    const float bias = tensor(2).data[0];
    bias_ = Four{bias, bias, bias, bias};
    above_.resize(2 * static_cast<std::size_t>(width_));
    below_.resize(above_.size());
}

Plane MaskHead::run(std::span<const float> features) {
    Plane mask(2 * width_, 2 * height_);
    std::uint8_t* const pixels = mask.overwritable();
    for (int y = 0; y < height_; ++y) {
        enlarge(features.data() + std::ptrdiff_t{y} * width_ * channels(), width_, weights_.data(),
                channels(), bias_, above_.data(), below_.data());
        std::uint8_t* const row = pixels + std::ptrdiff_t{2} * y * mask.stride();
        probabilities(above_.data(), row, mask.width());
        probabilities(below_.data(), row + mask.stride(), mask.width());
    }
    return mask;
}

}  // namespace scrim
