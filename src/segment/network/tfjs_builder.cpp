#include "segment/network/tfjs_builder.h"

#include <utility>

#include "util/error.h"

namespace scrim {

TfjsBuilder::TfjsBuilder(const std::vector<const TfjsNode*>& nodes,
                         const std::vector<std::string>& outputs) {
    for (const TfjsNode* node : nodes) {
        for (const std::string& input : node->inputs())
            ++reads_[input];
    }
    for (const std::string& output : outputs)
        ++reads_[output];
}

const TfjsBuilder::Value& TfjsBuilder::input(const TfjsNode& node, std::size_t number) const {
    if (number >= node.inputs().size()) throw Error("input {} is missing", number);
    return values_.at(node.inputs()[number]);
}

int TfjsBuilder::computed(const TfjsNode& node, std::size_t number) const {
    const Value& value = input(node, number);
    if (value.constant()) throw Error("input {} is constant", number);
    return value.tensor;
}

const TfjsConstant& TfjsBuilder::constant(const TfjsNode& node, std::size_t number) const {
    const Value& value = input(node, number);
    if (!value.constant()) throw Error("input {} is not constant", number);
    return value.numbers;
}

std::vector<float>& TfjsBuilder::data_of(int tensor) {
    return graph_.tensors[static_cast<std::size_t>(tensor)].data;
}

void TfjsBuilder::give(const TfjsNode& node, TfjsConstant constant) {
    count(constant.data.size());
    values_[node.name()].numbers = std::move(constant);
}

void TfjsBuilder::give(const TfjsNode& node, const Value& value) {
    count(value.numbers.data.size());
    values_[node.name()] = value;
}

void TfjsBuilder::give_input(const TfjsNode& node, Shape shape) {
    graph_.inputs.push_back(graph_.add_tensor({TfjsFile::shown(node.name()), shape, {}}));
    values_[node.name()].tensor = graph_.inputs.back();
}

void TfjsBuilder::give(const TfjsNode& node, Node computing) {
    const Shape shape = inferred_shape(graph_, computing);
    computing.output = graph_.add_tensor({TfjsFile::shown(node.name()), shape, {}});
    values_[node.name()].tensor = computing.output;
    graph_.nodes.push_back(std::move(computing));
}

void TfjsBuilder::give_single(const TfjsNode& node, Operator operation, float min, float max) {
    Node single;
    single.operation = operation;
    single.inputs = {computed(node, 0)};
    single.min = min;
    single.max = max;
    give(node, std::move(single));
}

void TfjsBuilder::give_scaled(const TfjsNode& node, int tensor, std::vector<float> scale,
                              std::vector<float> shift, int stride_height, int stride_width) {
    Node scaling = scaled(tensor, std::move(scale), std::move(shift));
    scaling.stride_height = stride_height;
    scaling.stride_width = stride_width;
    give(node, std::move(scaling));
}

void TfjsBuilder::forget_inputs(const TfjsNode& node) {
    for (const std::string& input : node.inputs()) {
        if (--reads_[input] == 0) values_.erase(input);
    }
}

Graph TfjsBuilder::finish(const std::vector<std::string>& outputs) && {
    for (const std::string& output : outputs) {
        const Value& value = values_.at(output);
        if (value.constant()) throw Error("the result '{}' is constant", TfjsFile::shown(output));
        graph_.outputs.push_back(value.tensor);
    }
    return std::move(graph_);
}

}  // namespace scrim
