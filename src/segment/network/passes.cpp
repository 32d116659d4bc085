#include "segment/network/passes.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace scrim {
namespace {

const Tensor& tensor_of(const Graph& graph, int index) {
    return graph.tensors[static_cast<std::size_t>(index)];
}

/// Nodes and outputs.
std::size_t readers(const Graph& graph, int tensor) {
    auto count =
        static_cast<std::size_t>(std::count(graph.outputs.begin(), graph.outputs.end(), tensor));
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

bool limited(const Node& node) {
    const Node unlimited;
    return node.min != unlimited.min || node.max != unlimited.max;
}

void erase(Graph& graph, std::size_t node) {
    graph.nodes.erase(graph.nodes.begin() + static_cast<std::ptrdiff_t>(node));
}

bool convolves(const Node& node) {
    return node.operation == Operator::convolution ||
           node.operation == Operator::depthwise_convolution;
}

/// Whether a side of a kernel can have so much padding (see inferred_shape()).
bool fits(int padding, int kernel, int dilation) {
    return padding <= (kernel - 1) * dilation;
}

void merge_pads(Graph& graph) {
    for (std::size_t i = 0; i < graph.nodes.size();) {
        const Node pad = graph.nodes[i];
        const auto reader = std::find_if(
            graph.nodes.begin(), graph.nodes.end(),
            [&](const Node& node) { return convolves(node) && node.inputs[0] == pad.output; });
        if (pad.operation != Operator::pad || reader == graph.nodes.end() ||
            readers(graph, pad.output) != 1 || pad.pad_channels_before != 0 ||
            pad.pad_channels_after != 0) {
            ++i;
            continue;
        }
        Node merged = *reader;
        merged.inputs[0] = pad.inputs[0];
        merged.pad_top += pad.pad_top;
        merged.pad_bottom += pad.pad_bottom;
        merged.pad_left += pad.pad_left;
        merged.pad_right += pad.pad_right;
        const Shape& weights = tensor_of(graph, merged.inputs[1]).shape;
        if (!fits(std::max(merged.pad_top, merged.pad_bottom), weights[1],
                  merged.dilation_height) ||
            !fits(std::max(merged.pad_left, merged.pad_right), weights[2], merged.dilation_width)) {
            ++i;
            continue;
        }
        *reader = std::move(merged);
        erase(graph, i);
    }
}

/// A depthwise convolution that only multiplies each channel and adds something to it.
bool scales(const Graph& graph, const Node& node) {
    if (node.operation != Operator::depthwise_convolution) return false;
    const Shape& weights = tensor_of(graph, node.inputs[1]).shape;
    return weights[1] == 1 && weights[2] == 1 && node.stride_height == 1 &&
           node.stride_width == 1 && node.pad_top == 0 && node.pad_bottom == 0 &&
           node.pad_left == 0 && node.pad_right == 0;
}

/// The constant that the node reads there, to be changed: its own, if other nodes read it too.
std::vector<float>& own_constant(Graph& graph, Node& node, std::size_t input) {
    if (readers(graph, node.inputs[input]) > 1) {
        node.inputs[input] = graph.add_tensor(tensor_of(graph, node.inputs[input]));
    }
    return graph.tensors[static_cast<std::size_t>(node.inputs[input])].data;
}

/// weights * scale, bias * scale + shift; both convolutions' output channels are scale's length.
void scale_convolution(Graph& graph, Node& node, const std::vector<float>& scale,
                       const std::vector<float>& shift) {
    std::vector<float>& weights = own_constant(graph, node, 1);
    const std::size_t channels = scale.size();
    // Output channels come last in a depthwise convolution's weights, else first.
    const bool depthwise = node.operation == Operator::depthwise_convolution;
    const std::size_t inner = depthwise ? 1 : weights.size() / channels;
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] *= scale[i / inner % channels];
    std::vector<float>& bias = own_constant(graph, node, 2);
    for (std::size_t c = 0; c < channels; ++c)
        bias[c] = bias[c] * scale[c] + shift[c];
}

void merge_scales(Graph& graph) {
    for (std::size_t i = 0; i < graph.nodes.size();) {
        const Node second = graph.nodes[i];
        Node* first = nullptr;
        if (scales(graph, second) && readers(graph, second.inputs[0]) == 1) {
            first = producer(graph, second.inputs[0]);
        }
        if (first == nullptr || !convolves(*first) || limited(*first)) {
            ++i;
            continue;
        }
        // Copies, since new constants may move the old ones.
        const std::vector<float> scale = tensor_of(graph, second.inputs[1]).data;
        const std::vector<float> shift = tensor_of(graph, second.inputs[2]).data;
        scale_convolution(graph, *first, scale, shift);
        first->min = second.min;
        first->max = second.max;
        first->output = second.output;
        erase(graph, i);
    }
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
        erase(graph, i);
    }
}

/// A convolution that treats every pixel by itself, and linearly.
bool pixelwise(const Graph& graph, const Node& node) {
    if (node.operation != Operator::convolution || limited(node)) return false;
    const Shape& weights = tensor_of(graph, node.inputs[1]).shape;
    return weights[1] == 1 && weights[2] == 1 && node.stride_height == 1 && node.stride_width == 1;
}

void convolve_before_enlarging(Graph& graph) {
    for (Node& second : graph.nodes) {
        if (!pixelwise(graph, second) || readers(graph, second.inputs[0]) != 1) continue;
        Node* first = producer(graph, second.inputs[0]);
        if (first == nullptr || first->operation != Operator::resize) continue;
        const Shape small = tensor_of(graph, first->inputs[0]).shape;
        if (first->height < small[1] || first->width < small[2]) continue;

        // The two nodes change places: input -> convolution -> (new tensor) -> resize -> output.
        const int input = first->inputs[0];
        const int output = second.output;
        Tensor between;
        between.name = tensor_of(graph, output).name + " (small)";
        between.shape = {1, small[1], small[2], tensor_of(graph, output).shape[3]};
        second.inputs[0] = input;
        second.output = first->inputs[0] = graph.add_tensor(std::move(between));
        first->output = output;
        std::swap(*first, second);
    }
}

/// The mean of what stands side by side is the means side by side: a few numbers instead of
/// pictures.
void average_before_concatenating(Graph& graph) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node mean = graph.nodes[i];
        if (mean.operation != Operator::mean || readers(graph, mean.inputs[0]) != 1) continue;
        Node* before = producer(graph, mean.inputs[0]);
        if (before == nullptr || before->operation != Operator::concatenation || before->axis != 3)
            continue;
        Node concatenation = *before;
        concatenation.output = mean.output;
        std::vector<Node> means;
        for (int& input : concatenation.inputs) {
            Node part = mean;
            part.inputs = {input};
            const Tensor& picture = tensor_of(graph, input);
            part.output = input =
                graph.add_tensor({picture.name + " (mean)", {1, 1, 1, picture.shape[3]}, {}});
            means.push_back(std::move(part));
        }
        // The old one is before this place, where one node makes room for itself and the means.
        *before = means[0];
        graph.nodes[i] = std::move(concatenation);
        graph.nodes.insert(graph.nodes.begin() + static_cast<std::ptrdiff_t>(i), means.begin() + 1,
                           means.end());
        i += means.size() - 1;
    }
}

std::vector<int> chosen(const std::vector<int>& from, const std::vector<std::size_t>& places) {
    std::vector<int> result;
    result.reserve(places.size());
    for (const std::size_t place : places)
        result.push_back(from.at(place));
    return result;
}

}  // namespace

void simplify(Graph& graph) {
    merge_pads(graph);
    merge_scales(graph);
    merge_clamps(graph);
    average_before_concatenating(graph);
    convolve_before_enlarging(graph);
}

void keep(Graph& graph, const std::vector<std::size_t>& inputs,
          const std::vector<std::size_t>& outputs) {
    graph.inputs = chosen(graph.inputs, inputs);
    graph.outputs = chosen(graph.outputs, outputs);
    for (std::size_t i = graph.nodes.size(); i-- > 0;) {
        if (readers(graph, graph.nodes[i].output) == 0) erase(graph, i);
    }
}

}  // namespace scrim
