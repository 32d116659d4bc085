#include "segment/network/graph_builder.h"

#include <cstddef>
#include <utility>

#include "util/error.h"

namespace scrim {
namespace {

constexpr std::size_t max_constant_elements = std::size_t{1} << 26;

}  // namespace

Node node_of(Operator operation, std::vector<int> inputs) {
    Node node;
    node.operation = operation;
    node.inputs = std::move(inputs);
    return node;
}

const Shape& GraphBuilder::shape_of(int id) const {
    return graph_.tensors[static_cast<std::size_t>(id)].shape;
}

void GraphBuilder::count(std::size_t elements) {
    constant_elements_ += elements;
    if (constant_elements_ > max_constant_elements) {
        throw Error("the network's constants are too large");
    }
}

int GraphBuilder::add_constant(const std::string& name, Shape shape, std::vector<float> data) {
    count(data.size());
    return graph_.add_tensor({name, shape, std::move(data)});
}

int GraphBuilder::add_list(const std::string& name, std::vector<float> data) {
    const Shape shape{1, 1, 1, static_cast<int>(data.size())};
    return add_constant(name, shape, std::move(data));
}

int GraphBuilder::add(Node node) {
    const Shape shape = inferred_shape(graph_, node);
    const std::string& name = graph_.tensors[static_cast<std::size_t>(node.inputs[0])].name;
    const std::string between = fmt::format("{} ({})", name, name_of(node.operation));
    node.output = graph_.add_tensor({between, shape, {}});
    graph_.nodes.push_back(std::move(node));
    return graph_.nodes.back().output;
}

Node GraphBuilder::scaled(int id, std::vector<float> scale, std::vector<float> shift) {
    const std::string name = graph_.tensors[static_cast<std::size_t>(id)].name;
    const int scale_id = add_list(name + "/scale", std::move(scale));
    const int shift_id = add_list(name + "/shift", std::move(shift));
    return node_of(Operator::depthwise_convolution, {id, scale_id, shift_id});
}

Node GraphBuilder::scaled(int id, float scale, float shift) {
    const auto channels = static_cast<std::size_t>(shape_of(id)[3]);
    return scaled(id, std::vector<float>(channels, scale), std::vector<float>(channels, shift));
}

int GraphBuilder::add_scaled(int id, std::vector<float> scale, std::vector<float> shift) {
    return add(scaled(id, std::move(scale), std::move(shift)));
}

int GraphBuilder::add_filled(int id, std::vector<float> numbers) {
    std::vector<float> zeros(numbers.size());
    return add_scaled(id, std::move(zeros), std::move(numbers));
}

/// 2 sigmoid(2 x) - 1.
Node tanh_of(GraphBuilder& builder, int id) {
    const int twice = builder.add(builder.scaled(id, 2, 0));
    return builder.scaled(builder.add(node_of(Operator::sigmoid, {twice})), 2, -1);
}

/// sigmoid(x) / sigmoid(-x), which keeps its precision on both sides of zero.
Node exp_of(GraphBuilder& builder, int id) {
    const int negative = builder.add(builder.scaled(id, -1, 0));
    const int above = builder.add(node_of(Operator::sigmoid, {id}));
    return node_of(Operator::divide, {above, builder.add(node_of(Operator::sigmoid, {negative}))});
}

Node reciprocal_root_of(GraphBuilder& builder, int id) {
    const int ones = builder.add(builder.scaled(id, 0, 1));
    return node_of(Operator::divide, {ones, builder.add(node_of(Operator::square_root, {id}))});
}

/// max(x, 0) + slopes * min(x, 0).
Node prelu_of(GraphBuilder& builder, int id, std::vector<float> slopes) {
    Node above = node_of(Operator::clamp, {id});
    above.min = 0;
    Node below = node_of(Operator::clamp, {id});
    below.max = 0;
    const int kept = builder.add(std::move(above));
    const int cut = builder.add(std::move(below));
    const std::vector<float> zeros(slopes.size());
    return node_of(Operator::add, {kept, builder.add_scaled(cut, std::move(slopes), zeros)});
}

}  // namespace scrim
