#include "segment/network/graph_shapes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

#include "util/error.h"

namespace scrim {
namespace {

// Bounds that the largest network we know of (ResNet50 at 1280x720) keeps well, while a file that
// was made or broken to ask for more is refused before memory or time is spent on it.
constexpr int max_side = 32768;
constexpr int max_kernel_side = 64;
constexpr int max_stride = 16;
constexpr int max_dilation = 64;
constexpr std::int64_t max_tensor_elements = std::int64_t{1} << 26;
constexpr std::int64_t max_window_reads = std::int64_t{1} << 26;

const Shape& constant_shape(const Graph& graph, int index) {
    const Tensor& tensor = tensor_at(graph, index);
    if (!tensor.constant()) throw Error("'{}' is not constant", tensor.name);
    check_shape(tensor.shape);
    return tensor.shape;
}

void expect_inputs(const Node& node, std::size_t count) {
    if (node.inputs.size() != count) {
        throw Error("{} inputs instead of {}", node.inputs.size(), count);
    }
}

void check_range(std::string_view what, int value, int low, int high) {
    if (value < low || value > high) {
        throw Error("{} is {}, not in {} to {}", what, value, low, high);
    }
}

/// One side of a convolution's result.
int convolved(int side, int kernel, int stride, int dilation, int pad_before, int pad_after) {
    check_range("kernel side", kernel, 1, max_kernel_side);
    check_range("stride", stride, 1, max_stride);
    check_range("dilation", dilation, 1, max_dilation);
    const int reach = (kernel - 1) * dilation + 1;
    check_range("padding", pad_before, 0, reach - 1);
    check_range("padding", pad_after, 0, reach - 1);
    const int padded = side + pad_before + pad_after;
    if (padded < reach) throw Error("a kernel of {} does not fit into {}", reach, padded);
    return (padded - reach) / stride + 1;
}

int transposed(int side, int kernel, int stride, int dilation, int pad_before, int pad_after) {
    check_range("kernel side", kernel, 1, max_kernel_side);
    check_range("stride", stride, 1, max_stride);
    check_range("dilation", dilation, 1, 1);
    check_range("padding", pad_before, 0, kernel - 1);
    check_range("padding", pad_after, 0, kernel - 1);
    return (side - 1) * stride + kernel - pad_before - pad_after;
}

Shape convolution_shape(const Graph& graph, const Node& node) {
    expect_inputs(node, 3);
    const Shape& picture = computed_shape(graph, node.inputs[0]);
    const Shape& weights = constant_shape(graph, node.inputs[1]);
    const Shape& bias = constant_shape(graph, node.inputs[2]);
    const bool depthwise = node.operation == Operator::depthwise_convolution;
    const int channels = depthwise ? weights[3] : weights[0];
    if (weights[3] != picture[3] || (depthwise && weights[0] != 1)) {
        throw Error("weights of {} don't fit a picture of {}", to_string(weights),
                    to_string(picture));
    }
    if (bias != Shape{1, 1, 1, channels}) {
        throw Error("a bias of {} for {} channels", to_string(bias), channels);
    }
    const auto side = node.operation == Operator::transposed_convolution ? transposed : convolved;
    return {1,
            side(picture[1], weights[1], node.stride_height, node.dilation_height, node.pad_top,
                 node.pad_bottom),
            side(picture[2], weights[2], node.stride_width, node.dilation_width, node.pad_left,
                 node.pad_right),
            channels};
}

Shape pooled_shape(const Graph& graph, const Node& node) {
    expect_inputs(node, 1);
    const Shape& picture = computed_shape(graph, node.inputs[0]);
    // XNNPACK refuses both: a window of one element, and gaps between windows.
    if (node.height == 1 && node.width == 1) throw Error("a window of 1x1 chooses nothing");
    if (node.stride_height > node.height || node.stride_width > node.width) {
        throw Error("a stride of {}x{} jumps over a window of {}x{}", node.stride_height,
                    node.stride_width, node.height, node.width);
    }
    return {
        1, convolved(picture[1], node.height, node.stride_height, 1, node.pad_top, node.pad_bottom),
        convolved(picture[2], node.width, node.stride_width, 1, node.pad_left, node.pad_right),
        picture[3]};
}

Shape padded_shape(const Graph& graph, const Node& node) {
    expect_inputs(node, 1);
    const Shape& picture = computed_shape(graph, node.inputs[0]);
    for (const int padding : {node.pad_top, node.pad_bottom, node.pad_left, node.pad_right,
                              node.pad_channels_before, node.pad_channels_after})
        check_range("padding", padding, 0, max_side);
    return {1, picture[1] + node.pad_top + node.pad_bottom,
            picture[2] + node.pad_left + node.pad_right,
            picture[3] + node.pad_channels_before + node.pad_channels_after};
}

Shape broadcast_shape(const Graph& graph, const Node& node) {
    expect_inputs(node, 2);
    const Shape& a = computed_shape(graph, node.inputs[0]);
    const Shape& b = computed_shape(graph, node.inputs[1]);
    Shape result{};
    for (std::size_t i = 0; i < result.size(); ++i) {
        if (a[i] != b[i] && a[i] != 1 && b[i] != 1) {
            throw Error("{} and {} don't fit together", to_string(a), to_string(b));
        }
        result[i] = std::max(a[i], b[i]);
    }
    return result;
}

Shape reshaped(const Graph& graph, const Node& node) {
    expect_inputs(node, 1);
    const Shape& from = computed_shape(graph, node.inputs[0]);
    check_shape(node.shape);
    if (node.shape[0] != 1) throw Error("a batch of {} is not supported", node.shape[0]);
    if (elements(from) != elements(node.shape)) {
        throw Error("{} does not have as many numbers as {}", to_string(from),
                    to_string(node.shape));
    }
    return node.shape;
}

Shape concatenated(const Graph& graph, const Node& node) {
    check_range("axis", node.axis, 1, 3);
    check_range("number of inputs",
                static_cast<int>(std::min<std::size_t>(node.inputs.size(), 1000)), 1, 64);
    const auto axis = static_cast<std::size_t>(node.axis);
    Shape result = computed_shape(graph, node.inputs[0]);
    result[axis] = 0;
    for (const int input : node.inputs) {
        Shape shape = computed_shape(graph, input);
        const int length = std::exchange(shape[axis], result[axis]);
        if (shape != result) {
            throw Error("{} does not fit beside {}", to_string(computed_shape(graph, input)),
                        to_string(computed_shape(graph, node.inputs[0])));
        }
        result[axis] += length;
    }
    return result;
}

Shape single_shape(const Graph& graph, const Node& node) {
    expect_inputs(node, 1);
    if (!std::isfinite(node.slope)) throw Error("a slope of {} makes no sense", node.slope);
    return computed_shape(graph, node.inputs[0]);
}

}  // namespace

void check_shape(const Shape& shape) {
    for (const int side : shape) {
        if (side < 1 || side > max_side)
            throw Error("a shape of {} makes no sense", to_string(shape));
    }
    if (elements(shape) > max_tensor_elements) throw Error("{} is too large", to_string(shape));
}

const Tensor& tensor_at(const Graph& graph, int index) {
    if (index < 0 || static_cast<std::size_t>(index) >= graph.tensors.size()) {
        throw Error("there is no tensor {}", index);
    }
    return graph.tensors[static_cast<std::size_t>(index)];
}

const Shape& computed_shape(const Graph& graph, int index) {
    const Tensor& tensor = tensor_at(graph, index);
    if (tensor.constant()) throw Error("'{}' is constant where a picture is wanted", tensor.name);
    check_shape(tensor.shape);
    if (tensor.shape[0] != 1) throw Error("'{}' has a batch of more than one", tensor.name);
    return tensor.shape;
}

std::int64_t operations(const Graph& graph, const Node& node) {
    const Shape& output = tensor_at(graph, node.output).shape;
    std::int64_t count = elements(output);
    // XNNPACK keeps a table of pointers to what a window reads.
    const auto check_window = [&](std::int64_t height, std::int64_t width) {
        if (std::int64_t{output[1]} * output[2] * height * width > max_window_reads) {
            throw Error("a window of {}x{} over {} is too much", height, width, to_string(output));
        }
    };
    switch (node.operation) {
        case Operator::convolution:
        case Operator::depthwise_convolution:
        case Operator::transposed_convolution: {
            const Shape& weights = tensor_at(graph, node.inputs[1]).shape;
            check_window(weights[1], weights[2]);
            // Of a transposed one, what meets a pixel are the weights at its distance alone; the
            // input's pixels are fewer by the strides.
            if (node.operation == Operator::transposed_convolution) {
                count = elements(tensor_at(graph, node.inputs[0]).shape) * weights[0];
                return count * weights[1] * weights[2];
            }
            count *= std::int64_t{weights[1]} * weights[2];
            if (node.operation == Operator::convolution) count *= weights[3];
            return count;
        }
        case Operator::average_pool:
        case Operator::max_pool:
            check_window(node.height, node.width);
            return count * node.height * node.width;
        case Operator::mean:
            return elements(tensor_at(graph, node.inputs[0]).shape);
        default:
            return count;
    }
}

Shape inferred_shape(const Graph& graph, const Node& node) {
    if (std::isnan(node.min) || std::isnan(node.max) || node.min >= node.max) {
        throw Error("a clamp to {} .. {} makes no sense", node.min, node.max);
    }
    Shape shape{};
    switch (node.operation) {
        case Operator::convolution:
        case Operator::depthwise_convolution:
        case Operator::transposed_convolution:
            shape = convolution_shape(graph, node);
            break;
        case Operator::add:
        case Operator::subtract:
        case Operator::multiply:
        case Operator::divide:
        case Operator::maximum:
        case Operator::minimum:
        case Operator::squared_difference:
            shape = broadcast_shape(graph, node);
            break;
        case Operator::clamp:
        case Operator::hard_swish:
        case Operator::sigmoid:
        case Operator::absolute:
        case Operator::square:
        case Operator::square_root:
        case Operator::leaky_relu:
        case Operator::elu:
        case Operator::softmax:
            shape = single_shape(graph, node);
            break;
        case Operator::mean:
            expect_inputs(node, 1);
            shape = {1, 1, 1, computed_shape(graph, node.inputs[0])[3]};
            break;
        case Operator::average_pool:
        case Operator::max_pool:
            shape = pooled_shape(graph, node);
            break;
        case Operator::pad:
            shape = padded_shape(graph, node);
            break;
        case Operator::resize:
            expect_inputs(node, 1);
            shape = {1, node.height, node.width, computed_shape(graph, node.inputs[0])[3]};
            break;
        case Operator::reshape:
            shape = reshaped(graph, node);
            break;
        case Operator::concatenation:
            shape = concatenated(graph, node);
            break;
    }
    check_shape(shape);
    return shape;
}

void pad_as_same(Node& node, const Shape& picture, int kernel_height, int kernel_width) {
    const auto padding = [](int side, int kernel, int stride, int dilation) {
        const std::int64_t reach = (std::int64_t{kernel} - 1) * dilation + 1;
        const std::int64_t result = (std::int64_t{side} + stride - 1) / stride;
        const auto zeros = std::max<std::int64_t>((result - 1) * stride + reach - side, 0);
        // More than a kernel's reach is refused by inferred_shape().
        const auto limited = static_cast<int>(std::min<std::int64_t>(zeros, 1 << 20));
        return std::pair{limited / 2, limited - limited / 2};
    };
    std::tie(node.pad_top, node.pad_bottom) =
        padding(picture[1], kernel_height, node.stride_height, node.dilation_height);
    std::tie(node.pad_left, node.pad_right) =
        padding(picture[2], kernel_width, node.stride_width, node.dilation_width);
}

}  // namespace scrim
