#include "segment/network/graph.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "segment/network/graph_shapes.h"
#include "util/error.h"

namespace scrim {
namespace {

// Bounds that the largest network we know of (ResNet50 at 1280x720) keeps well, while a file that
// was made or broken to ask for more is refused before memory or time is spent on it.
constexpr std::int64_t max_constant_elements = std::int64_t{1} << 26;
constexpr std::int64_t max_live_elements = std::int64_t{1} << 28;
constexpr std::int64_t max_operations = std::int64_t{1} << 37;
constexpr std::size_t max_nodes = 4096;
constexpr std::size_t max_tensors = 16384;

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
        if (graph.inputs.empty()) throw Error("the network has no input");
        for (const int index : graph.inputs) {
            live_elements_ += elements(computed_shape(graph, index));
            const auto i = static_cast<std::size_t>(index);
            if (computed_[i]) throw Error("the input '{}' is named twice", graph.tensors[i].name);
            computed_[i] = true;
        }
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
        operations_ += operations(graph_, node);
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
            if (!computed_[i] || is_input(index)) {
                throw Error("no node computes the result '{}'", name);
            }
            if (is_output[i]) throw Error("the result '{}' is named twice", name);
            is_output[i] = true;
        }
        for (std::size_t i = 0; i < computed_.size(); ++i) {
            if (!is_output[i] && computed_[i] && !read_[i]) {
                if (is_input(static_cast<int>(i))) {
                    throw Error("no node reads the input '{}'", graph_.tensors[i].name);
                }
                throw Error("'{}' is computed for nothing", graph_.tensors[i].name);
            }
        }
    }

  private:
    bool is_input(int index) const {
        return std::find(graph_.inputs.begin(), graph_.inputs.end(), index) != graph_.inputs.end();
    }

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
        case Operator::divide:
            return "divide";
        case Operator::maximum:
            return "maximum";
        case Operator::minimum:
            return "minimum";
        case Operator::squared_difference:
            return "squared difference";
        case Operator::clamp:
            return "clamp";
        case Operator::hard_swish:
            return "hard swish";
        case Operator::sigmoid:
            return "sigmoid";
        case Operator::absolute:
            return "absolute";
        case Operator::square:
            return "square";
        case Operator::square_root:
            return "square root";
        case Operator::leaky_relu:
            return "leaky ReLU";
        case Operator::elu:
            return "ELU";
        case Operator::softmax:
            return "softmax";
        case Operator::mean:
            return "mean";
        case Operator::average_pool:
            return "average pool";
        case Operator::max_pool:
            return "max pool";
        case Operator::pad:
            return "pad";
        case Operator::resize:
            return "resize";
        case Operator::reshape:
            return "reshape";
        case Operator::concatenation:
            return "concatenation";
    }
    return "unknown operator";
}

bool has_limits(Operator operation) {
    switch (operation) {
        case Operator::convolution:
        case Operator::depthwise_convolution:
        case Operator::transposed_convolution:
        case Operator::add:
        case Operator::subtract:
        case Operator::multiply:
        case Operator::divide:
        case Operator::average_pool:
        case Operator::max_pool:
            return true;
        default:
            return false;
    }
}

int Graph::add_tensor(Tensor tensor) {
    tensors.push_back(std::move(tensor));
    return static_cast<int>(tensors.size()) - 1;
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
