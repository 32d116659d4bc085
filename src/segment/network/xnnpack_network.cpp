#include "segment/network/xnnpack_network.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <xnnpack.h>

#include "segment/network/xnnpack_operators.h"
#include "util/error.h"

namespace scrim {
namespace {

constexpr std::size_t slack = (XNN_EXTRA_BYTES + sizeof(float) - 1) / sizeof(float);

void expect(xnn_status status, std::string_view what) {
    if (status == xnn_status_success) return;
    throw Error("XNNPACK cannot {} (status {})", what, static_cast<int>(status));
}

void initialize_once() {
    // Never undone: other networks of the process may still be running.
    static const xnn_status status = xnn_initialize(nullptr);
    if (status == xnn_status_unsupported_hardware) {
        throw Error("XNNPACK does not know this processor (is /proc mounted?)");
    }
    expect(status, "be started");
}

/// Turns a graph into an XNNPACK subgraph, which points into the graph's constants.
class Builder {
  public:
    Builder(const Graph& graph, const MemoryPlan& plan)
        : graph_(graph),
          external_(graph.tensors.size(), XNN_INVALID_VALUE_ID),
          ids_(graph.tensors.size(), XNN_INVALID_VALUE_ID) {
        // Numbered from 0: the inputs, the outputs, then what lies where the plan says.
        std::uint32_t external_values = 0;
        const auto number = [&](int tensor) {
            external_[static_cast<std::size_t>(tensor)] = external_values++;
        };
        std::for_each(graph.inputs.begin(), graph.inputs.end(), number);
        std::for_each(graph.outputs.begin(), graph.outputs.end(), number);
        for (const auto& place : plan.places)
            number(place.tensor);
        xnn_subgraph_t subgraph = nullptr;
        expect(xnn_create_subgraph(external_values, 0, &subgraph), "make a graph");
        subgraph_.reset(subgraph);
        for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
            if (define(graph.nodes[i]) != xnn_status_success) {
                throw Error("{} is not supported by this version of XNNPACK", describe(graph, i));
            }
        }
    }

    xnn_runtime_t runtime() {
        xnn_runtime_t runtime = nullptr;
        expect(xnn_create_runtime_v2(subgraph_.get(), nullptr, 0, &runtime), "set the network up");
        return runtime;
    }

  private:
    struct Delete {
        void operator()(xnn_subgraph* subgraph) const { xnn_delete_subgraph(subgraph); }
    };

    /// The value of a tensor, defined at its first use.
    std::uint32_t value(int index) {
        const auto i = static_cast<std::size_t>(index);
        if (ids_[i] != XNN_INVALID_VALUE_ID) return ids_[i];
        const Tensor& tensor = graph_.tensors[i];
        std::uint32_t flags = 0;
        if (external_[i] < graph_.inputs.size()) {
            flags = XNN_VALUE_FLAG_EXTERNAL_INPUT;
        } else if (external_[i] != XNN_INVALID_VALUE_ID) {
            flags = XNN_VALUE_FLAG_EXTERNAL_OUTPUT;  // nodes may read those too
        }
        std::array<std::size_t, 4> sides{};
        for (std::size_t s = 0; s < sides.size(); ++s) {
            sides[s] = static_cast<std::size_t>(tensor.shape[s]);
        }
        expect(xnn_define_tensor_value(
                   subgraph_.get(), xnn_datatype_fp32, sides.size(), sides.data(),
                   tensor.constant() ? tensor.data.data() : nullptr, external_[i], flags, &ids_[i]),
               "take a tensor");
        return ids_[i];
    }

    /// A value inside of a node that XNNPACK does not have as one.
    std::uint32_t value_between(const Shape& shape) {
        std::array<std::size_t, 4> sides{};
        std::copy(shape.begin(), shape.end(), sides.begin());
        std::uint32_t id = XNN_INVALID_VALUE_ID;
        expect(xnn_define_tensor_value(subgraph_.get(), xnn_datatype_fp32, sides.size(),
                                       sides.data(), nullptr, XNN_INVALID_VALUE_ID, 0, &id),
               "take a tensor");
        return id;
    }

    /// A bias is the one tensor that XNNPACK wants with one side only.
    std::uint32_t bias(int index) {
        const auto i = static_cast<std::size_t>(index);
        if (ids_[i] != XNN_INVALID_VALUE_ID) return ids_[i];
        const Tensor& tensor = graph_.tensors[i];
        const std::size_t length = tensor.data.size();
        expect(xnn_define_tensor_value(subgraph_.get(), xnn_datatype_fp32, 1, &length,
                                       tensor.data.data(), XNN_INVALID_VALUE_ID, 0, &ids_[i]),
               "take a bias");
        return ids_[i];
    }

    xnn_status define(const Node& node);
    xnn_status define_convolution(const Node& node);
    xnn_status define_pool(const Node& node);
    xnn_status define_pad(std::uint32_t input, std::uint32_t output, const Shape& before,
                          const Shape& after);
    xnn_status define_concatenation(const Node& node);

    const Graph& graph_;
    std::vector<std::uint32_t> external_;  // of tensors that lie in the network's own memory
    std::vector<std::uint32_t> ids_;
    std::unique_ptr<xnn_subgraph, Delete> subgraph_;
};

xnn_status Builder::define_convolution(const Node& node) {
    const auto u = [](int number) { return static_cast<std::uint32_t>(number); };
    const Shape& weights = graph_.tensors[static_cast<std::size_t>(node.inputs[1])].shape;
    const auto inputs = static_cast<std::size_t>(weights[3]);
    const auto outputs = static_cast<std::size_t>(weights[0]);
    const std::uint32_t input = value(node.inputs[0]);
    const std::uint32_t filter = value(node.inputs[1]);
    const std::uint32_t bias_value = bias(node.inputs[2]);
    const std::uint32_t output = value(node.output);
    switch (node.operation) {
        case Operator::convolution:
            return xnn_define_convolution_2d(
                subgraph_.get(), u(node.pad_top), u(node.pad_right), u(node.pad_bottom),
                u(node.pad_left), u(weights[1]), u(weights[2]), u(node.stride_height),
                u(node.stride_width), u(node.dilation_height), u(node.dilation_width), 1, inputs,
                outputs, node.min, node.max, input, filter, bias_value, output, 0);
        case Operator::depthwise_convolution:
            return xnn_define_depthwise_convolution_2d(
                subgraph_.get(), u(node.pad_top), u(node.pad_right), u(node.pad_bottom),
                u(node.pad_left), u(weights[1]), u(weights[2]), u(node.stride_height),
                u(node.stride_width), u(node.dilation_height), u(node.dilation_width), 1, inputs,
                node.min, node.max, input, filter, bias_value, output, 0);
        default:
            return xnn_define_deconvolution_2d(
                subgraph_.get(), u(node.pad_top), u(node.pad_right), u(node.pad_bottom),
                u(node.pad_left), 0, 0, u(weights[1]), u(weights[2]), u(node.stride_height),
                u(node.stride_width), u(node.dilation_height), u(node.dilation_width), 1, inputs,
                outputs, node.min, node.max, input, filter, bias_value, output, 0);
    }
}

xnn_status Builder::define_pool(const Node& node) {
    const auto u = [](int number) { return static_cast<std::uint32_t>(number); };
    const std::uint32_t input = value(node.inputs[0]);
    const std::uint32_t output = value(node.output);
    if (node.operation == Operator::max_pool) {
        return xnn_define_max_pooling_2d(subgraph_.get(), u(node.pad_top), u(node.pad_right),
                                         u(node.pad_bottom), u(node.pad_left), u(node.height),
                                         u(node.width), u(node.stride_height), u(node.stride_width),
                                         1, 1, node.min, node.max, input, output, 0);
    }
    return xnn_define_average_pooling_2d(subgraph_.get(), u(node.pad_top), u(node.pad_right),
                                         u(node.pad_bottom), u(node.pad_left), u(node.height),
                                         u(node.width), u(node.stride_height), u(node.stride_width),
                                         node.min, node.max, input, output, 0);
}

xnn_status Builder::define_pad(std::uint32_t input, std::uint32_t output, const Shape& before,
                               const Shape& after) {
    std::array<std::size_t, XNN_MAX_TENSOR_DIMS> first{};
    std::array<std::size_t, XNN_MAX_TENSOR_DIMS> last{};
    std::copy(before.begin(), before.end(), first.begin());
    std::copy(after.begin(), after.end(), last.begin());
    return xnn_define_static_constant_pad(subgraph_.get(), first.data(), last.data(), 0, input,
                                          output, 0);
}

/// Each input between zeros, and all of them added: the oldest XNNPACK has nothing else for it, and
/// what is added to zero stays the same.
xnn_status Builder::define_concatenation(const Node& node) {
    const auto axis = static_cast<std::size_t>(node.axis);
    const auto last = static_cast<std::size_t>(node.output);
    const Shape& whole = graph_.tensors[last].shape;
    Shape before{};
    std::uint32_t sum = XNN_INVALID_VALUE_ID;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        const int length = graph_.tensors[static_cast<std::size_t>(node.inputs[i])].shape[axis];
        Shape after{};
        after[axis] = whole[axis] - length - before[axis];
        const bool only = node.inputs.size() == 1;
        const std::uint32_t input = value(node.inputs[i]);
        const std::uint32_t padded = only ? value(node.output) : value_between(whole);
        xnn_status status = define_pad(input, padded, before, after);
        before[axis] += length;
        if (i == 0) {
            sum = padded;
        } else {
            const bool final = i + 1 == node.inputs.size();
            XnnpackValues values{sum, padded, final ? value(node.output) : value_between(whole)};
            Node add;
            add.operation = Operator::add;
            if (status == xnn_status_success)
                status = define_simple_node(subgraph_.get(), add, values);
            sum = values.output;
        }
        if (status != xnn_status_success) return status;
    }
    return xnn_status_success;
}

xnn_status Builder::define(const Node& node) {
    switch (node.operation) {
        case Operator::convolution:
        case Operator::depthwise_convolution:
        case Operator::transposed_convolution:
            return define_convolution(node);
        case Operator::resize: {
            const std::uint32_t input = value(node.inputs[0]);
            // Without flags: half-pixel centres.
            return xnn_define_static_resize_bilinear_2d(
                subgraph_.get(), static_cast<std::size_t>(node.height),
                static_cast<std::size_t>(node.width), input, value(node.output), 0);
        }
        case Operator::average_pool:
        case Operator::max_pool:
            return define_pool(node);
        case Operator::pad: {
            const std::uint32_t input = value(node.inputs[0]);
            return define_pad(input, value(node.output),
                              {0, node.pad_top, node.pad_left, node.pad_channels_before},
                              {0, node.pad_bottom, node.pad_right, node.pad_channels_after});
        }
        case Operator::concatenation:
            return define_concatenation(node);
        case Operator::reshape: {
            std::array<std::size_t, 4> sides{};
            std::copy(node.shape.begin(), node.shape.end(), sides.begin());
            const std::uint32_t input = value(node.inputs[0]);
            return xnn_define_static_reshape(subgraph_.get(), sides.size(), sides.data(), input,
                                             value(node.output), 0);
        }
        default: {
            XnnpackValues values;
            values.input = value(node.inputs[0]);
            if (node.inputs.size() > 1) values.second = value(node.inputs[1]);
            values.output = value(node.output);
            return define_simple_node(subgraph_.get(), node, values);
        }
    }
}

}  // namespace

void Network::DeleteRuntime::operator()(xnn_runtime* runtime) const {
    xnn_delete_runtime(runtime);
}

std::vector<Network::End> Network::ends_of(const Graph& graph, const std::vector<int>& tensors) {
    std::vector<End> ends;
    for (const int index : tensors) {
        const Shape& shape = graph.tensors[static_cast<std::size_t>(index)].shape;
        ends.push_back(
            {shape, std::vector<float>(static_cast<std::size_t>(elements(shape)) + slack)});
    }
    return ends;
}

Network::Network(Graph graph) {
    check(graph);
    initialize_once();
    inputs_ = ends_of(graph, graph.inputs);
    outputs_ = ends_of(graph, graph.outputs);
    // Only weights and biases are constant (check() sees to it), and XNNPACK packs those into
    // memory of its own here, so that neither the subgraph nor the graph is needed afterwards.
    const MemoryPlan plan = plan_memory(graph);
    runtime_.reset(Builder(graph, plan).runtime());
    graph = {};
    between_.resize((plan.floats + slack) / MemoryPlan::alignment + 1);
    std::vector<xnn_external_value> externals;
    std::uint32_t id = 0;
    for (std::vector<End>* const ends : {&inputs_, &outputs_}) {
        for (End& end : *ends)
            externals.push_back({id++, end.data.data()});
    }
    for (const auto& place : plan.places)
        externals.push_back({id++, between_[place.offset / MemoryPlan::alignment].data()});
    expect(xnn_setup_runtime(runtime_.get(), externals.size(), externals.data()),
           "reserve the network's memory");
}

Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

std::span<float> Network::input(std::size_t number) {
    End& input = inputs_.at(number);
    return {input.data.data(), static_cast<std::size_t>(elements(input.shape))};
}

std::span<const float> Network::output(std::size_t number) const {
    const End& output = outputs_.at(number);
    return {output.data.data(), static_cast<std::size_t>(elements(output.shape))};
}

void Network::run() {
    expect(xnn_invoke_runtime(runtime_.get()), "run the network");
}

}  // namespace scrim
