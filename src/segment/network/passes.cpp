#include "segment/network/passes.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace scrim {
namespace {

std::size_t readers(const Graph& graph, int tensor) {
    std::size_t count = 0;
    for (const Node& node : graph.nodes) {
        count +=
            static_cast<std::size_t>(std::count(node.inputs.begin(), node.inputs.end(), tensor));
    }
    return count;
}

Node* producer(Graph& graph, int tensor) {
    const auto found = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                                    [&](const Node& node) { return node.output == tensor; });
    return found == graph.nodes.end() ? nullptr : &*found;
}

bool has_limits(Operator operation) {
    switch (operation) {
        case Operator::convolution:
        case Operator::depthwise_convolution:
        case Operator::transposed_convolution:
        case Operator::add:
        case Operator::multiply:
            return true;
        default:
            return false;
    }
}

bool limited(const Node& node) {
    const Node unlimited;
    return node.min != unlimited.min || node.max != unlimited.max;
}

/// The node before, if this clamp can be merged into it.
Node* node_to_limit(Graph& graph, const Node& clamp) {
    if (clamp.operation != Operator::clamp || readers(graph, clamp.inputs[0]) != 1) return nullptr;
    Node* before = producer(graph, clamp.inputs[0]);
    if (before == nullptr || !has_limits(before->operation) || limited(*before)) return nullptr;
    return before;
}

void merge_clamps(Graph& graph) {
    for (std::size_t i = 0; i < graph.nodes.size();) {
        const Node& clamp = graph.nodes[i];
        Node* before = node_to_limit(graph, clamp);
        if (before == nullptr) {
            ++i;
            continue;
        }
        before->min = clamp.min;
        before->max = clamp.max;
        before->output = clamp.output;
        graph.nodes.erase(graph.nodes.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

/// A convolution that treats every pixel by itself, and linearly.
bool pixelwise(const Graph& graph, const Node& node) {
    if (node.operation != Operator::convolution || limited(node)) return false;
    const Shape& weights = graph.tensors[static_cast<std::size_t>(node.inputs[1])].shape;
    return weights[1] == 1 && weights[2] == 1 && node.stride_height == 1 && node.stride_width == 1;
}

void convolve_before_enlarging(Graph& graph) {
    for (Node& second : graph.nodes) {
        if (!pixelwise(graph, second) || readers(graph, second.inputs[0]) != 1) continue;
        Node* first = producer(graph, second.inputs[0]);
        if (first == nullptr || first->operation != Operator::resize) continue;
        const Shape small = graph.tensors[static_cast<std::size_t>(first->inputs[0])].shape;
        if (first->height < small[1] || first->width < small[2]) continue;

        // The two nodes change places: input -> convolution -> (new tensor) -> resize -> output.
        const int input = first->inputs[0];
        const int output = second.output;
        Tensor between;
        between.name = graph.tensors[static_cast<std::size_t>(output)].name + " (small)";
        between.shape = {1, small[1], small[2],
                         graph.tensors[static_cast<std::size_t>(output)].shape[3]};
        second.inputs[0] = input;
        second.output = first->inputs[0] = graph.add_tensor(std::move(between));
        first->output = output;
        std::swap(*first, second);
    }
}

}  // namespace

void simplify(Graph& graph) {
    merge_clamps(graph);
    convolve_before_enlarging(graph);
}

}  // namespace scrim
