#include "segment/network/graph.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <utility>

#include "util/error.h"

namespace scrim {
namespace {

// Bounds that the largest network we know of (ResNet50 at 1280x720) keeps well, while a file that
// was made or broken to ask for more is refused before memory or time is spent on it.
constexpr int max_side = 8192;
constexpr int max_kernel_side = 64;
constexpr int max_stride = 16;
constexpr int max_dilation = 64;
constexpr std::int64_t max_tensor_elements = std::int64_t{1} << 26;
constexpr std::int64_t max_constant_elements = std::int64_t{1} << 26;
constexpr std::int64_t max_live_elements = std::int64_t{1} << 28;
constexpr std::int64_t max_window_reads = std::int64_t{1} << 26;
constexpr std::int64_t max_operations = std::int64_t{1} << 37;
constexpr std::size_t max_nodes = 4096;
constexpr std::size_t max_tensors = 16384;

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
    for (const int padding :
         {node.pad_top, node.pad_bottom, node.pad_left, node.pad_right, node.pad_channels})
        check_range("padding", padding, 0, max_side);
    return {1, picture[1] + node.pad_top + node.pad_bottom,
            picture[2] + node.pad_left + node.pad_right, picture[3] + node.pad_channels};
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

/// Multiplications of one run, and the reads of a convolution's window, for which XNNPACK keeps a
/// table of pointers.
std::int64_t operations(const Graph& graph, const Node& node, const Shape& output) {
    std::int64_t count = elements(output);
    switch (node.operation) {
        case Operator::convolution:
        case Operator::depthwise_convolution:
        case Operator::transposed_convolution: {
            const Shape& weights = tensor_at(graph, node.inputs[1]).shape;
            const std::int64_t window = std::int64_t{weights[1]} * weights[2];
            if (std::int64_t{output[1]} * output[2] * window > max_window_reads) {
                throw Error("a kernel of {}x{} over {} is too much", weights[1], weights[2],
                            to_string(output));
            }
            count *= window;
            if (node.operation != Operator::depthwise_convolution) count *= weights[3];
            return count;
        }
        case Operator::max_pool:
            count *= std::int64_t{node.height} * node.width;
            if (count / output[3] > max_window_reads) {
                throw Error("a window of {}x{} over {} is too much", node.height, node.width,
                            to_string(output));
            }
            return count;
        case Operator::mean:
            return elements(tensor_at(graph, node.inputs[0]).shape);
        default:
            return count;
    }
}

void check_constant(const Tensor& tensor) {
    check_shape(tensor.shape);
    if (elements(tensor.shape) != static_cast<std::int64_t>(tensor.data.size())) {
        throw Error("constant '{}' has {} numbers for a shape of {}", tensor.name,
                    tensor.data.size(), to_string(tensor.shape));
    }
    if (!std::all_of(tensor.data.begin(), tensor.data.end(),
                     [](float v) { return std::isfinite(v); })) {
        throw Error("constant '{}' contains something that is not a number", tensor.name);
    }
}

/// Follows the graph node by node and knows which tensors have been computed and which are read.
class Walk {
  public:
    explicit Walk(const Graph& graph)
        : graph_(graph),
          computed_(graph.tensors.size()),
          read_(graph.tensors.size()),
          last_reader_(graph.tensors.size()) {
        live_elements_ = elements(computed_shape(graph, graph.input));
        computed_[static_cast<std::size_t>(graph.input)] = true;
        for (const Node& node : graph.nodes) {
            for (const int index : node.inputs) {
                tensor_at(graph, index);
                last_reader_[static_cast<std::size_t>(index)] = &node;
            }
        }
        // What is handed out stays.
        for (const int index : graph.outputs) {
            tensor_at(graph, index);
            last_reader_[static_cast<std::size_t>(index)] = nullptr;
        }
    }

    void step(const Node& node) {
        for (const int index : node.inputs) {
            const Tensor& tensor = tensor_at(graph_, index);
            const auto i = static_cast<std::size_t>(index);
            if (!tensor.constant() && !computed_[i]) {
                throw Error("'{}' is read before it is computed", tensor.name);
            }
            read_[i] = true;
        }
        const Shape shape = inferred_shape(graph_, node);
        const Tensor& output = tensor_at(graph_, node.output);
        const auto o = static_cast<std::size_t>(node.output);
        if (output.constant() || computed_[o]) throw Error("'{}' is computed twice", output.name);
        if (output.shape != shape) {
            throw Error("gives {}, but the network says {}", to_string(shape),
                        to_string(output.shape));
        }
        computed_[o] = true;
        live_elements_ += elements(shape);
        operations_ += operations(graph_, node, shape);
        if (live_elements_ > max_live_elements || operations_ > max_operations) {
            throw Error("the network is too large to be run for a live picture");
        }
        release_inputs(node);
    }

    void finish() const {
        if (graph_.outputs.empty()) throw Error("the network has no result");
        std::vector<bool> is_output(computed_.size());
        for (const int index : graph_.outputs) {
            const std::string& name = tensor_at(graph_, index).name;
            const auto i = static_cast<std::size_t>(index);
            if (!computed_[i] || index == graph_.input) {
                throw Error("no node computes the result '{}'", name);
            }
            if (is_output[i]) throw Error("the result '{}' is named twice", name);
            is_output[i] = true;
        }
        for (std::size_t i = 0; i < computed_.size(); ++i) {
            if (!is_output[i] && computed_[i] && !read_[i]) {
                throw Error("'{}' is computed for nothing", graph_.tensors[i].name);
            }
        }
    }

  private:
    /// The memory of what no other node reads is used again.
    void release_inputs(const Node& node) {
        for (const int index : node.inputs) {
            const auto i = static_cast<std::size_t>(index);
            if (graph_.tensors[i].constant() || last_reader_[i] != &node) continue;
            live_elements_ -= elements(graph_.tensors[i].shape);
            last_reader_[i] = nullptr;  // it may be read twice by the node
        }
    }

    const Graph& graph_;
    std::vector<bool> computed_;
    std::vector<bool> read_;
    std::vector<const Node*> last_reader_;
    std::int64_t live_elements_ = 0;  // of tensors that are in use at the same time
    std::int64_t operations_ = 0;
};

}  // namespace

std::int64_t elements(const Shape& shape) {
    std::int64_t count = 1;
    for (const int side : shape)
        count *= side;
    return count;
}

std::string to_string(const Shape& shape) {
    return fmt::format("{}x{}x{}x{}", shape[0], shape[1], shape[2], shape[3]);
}

std::string_view name_of(Operator operation) {
    switch (operation) {
        case Operator::convolution:
            return "convolution";
        case Operator::depthwise_convolution:
            return "depthwise convolution";
        case Operator::transposed_convolution:
            return "transposed convolution";
        case Operator::add:
            return "add";
        case Operator::subtract:
            return "subtract";
        case Operator::multiply:
            return "multiply";
        case Operator::clamp:
            return "clamp";
        case Operator::hard_swish:
            return "hard swish";
        case Operator::sigmoid:
            return "sigmoid";
        case Operator::mean:
            return "mean";
        case Operator::max_pool:
            return "max pool";
        case Operator::pad:
            return "pad";
        case Operator::resize:
            return "resize";
    }
    return "unknown operator";
}

int Graph::add_tensor(Tensor tensor) {
    tensors.push_back(std::move(tensor));
    return static_cast<int>(tensors.size()) - 1;
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
            shape = broadcast_shape(graph, node);
            break;
        case Operator::clamp:
        case Operator::hard_swish:
        case Operator::sigmoid:
            expect_inputs(node, 1);
            shape = computed_shape(graph, node.inputs[0]);
            break;
        case Operator::mean:
            expect_inputs(node, 1);
            shape = {1, 1, 1, computed_shape(graph, node.inputs[0])[3]};
            break;
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

std::string describe(const Graph& graph, std::size_t node) {
    const Node& n = graph.nodes.at(node);
    return fmt::format("node {} ({} that gives '{}')", node, name_of(n.operation),
                       tensor_at(graph, n.output).name);
}

void check(const Graph& graph) {
    if (graph.nodes.empty()) throw Error("the network has no nodes");
    if (graph.nodes.size() > max_nodes || graph.tensors.size() > max_tensors) {
        throw Error("the network has too many nodes or tensors");
    }
    std::int64_t constant_elements = 0;
    for (const Tensor& tensor : graph.tensors) {
        if (!tensor.constant()) continue;
        check_constant(tensor);
        constant_elements += elements(tensor.shape);
    }
    if (constant_elements > max_constant_elements)
        throw Error("the network's weights are too large");
    Walk walk(graph);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        tensor_at(graph, graph.nodes[i].output);
        try {
            walk.step(graph.nodes[i]);
        } catch (const Error& e) {
            throw Error("{}: {}", describe(graph, i), e.what());
        }
    }
    walk.finish();
}

}  // namespace scrim
