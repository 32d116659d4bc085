#include "segment/network/tflite_builder.h"

#include <utility>

#include "util/error.h"

namespace scrim {

using tflite::Activation;
using tflite::TensorType;

namespace {

void set_limits(Node& node, Activation activation) {
    constexpr float relu6 = 6.0F;
    switch (activation) {
        case Activation::NONE:
            return;
        case Activation::RELU:
            node.min = 0;
            return;
        case Activation::RELU_N1_TO_1:
            node.min = -1;
            node.max = 1;
            return;
        case Activation::RELU6:
            node.min = 0;
            node.max = relu6;
            return;
        default:
            throw Error("activation {} is not supported", static_cast<int>(activation));
    }
}

}  // namespace

std::size_t TfliteBuilder::input_count(const tflite::Operator& op) {
    return TfliteFile::size_of(op.inputs());
}

int TfliteBuilder::input_of(const tflite::Operator& op, std::size_t number, std::size_t count) {
    if (input_count(op) != count) {
        throw Error("{} inputs instead of {}", input_count(op), count);
    }
    return op.inputs()->Get(static_cast<flatbuffers::uoffset_t>(number));
}

int TfliteBuilder::result_tensor(int tensor) {
    const std::string name = file_.name_of_tensor(tensor);
    if (ids_.contains(tensor)) throw Error("'{}' is computed twice", name);
    if (!file_.bytes(tensor).empty()) throw Error("'{}' is computed and constant", name);
    if (file_.tensor(tensor).type() != TensorType::FLOAT32) {
        throw Error("'{}' is not of 32 bit floats", name);
    }
    return ids_[tensor] = graph_.add_tensor({name, file_.shape_of(tensor), {}});
}

void TfliteBuilder::give_input(int tensor) {
    graph_.inputs.push_back(result_tensor(tensor));
}

void TfliteBuilder::give_dequantised(int target, int source) {
    if (file_.tensor(source).type() != TensorType::FLOAT16 || file_.bytes(source).empty()) {
        throw Error("only constants of 16 bit floats are supported");
    }
    if (file_.tensor(target).type() != TensorType::FLOAT32 || ids_.contains(target) ||
        !file_.bytes(target).empty() || !dequantised_.emplace(target, source).second) {
        throw Error("'{}' cannot take its result", file_.name_of_tensor(target));
    }
}

int TfliteBuilder::computed(int tensor) const {
    const auto found = ids_.find(tensor);
    if (found == ids_.end()) {
        throw Error("'{}' is read before it is computed", file_.name_of_tensor(tensor));
    }
    return found->second;
}

bool TfliteBuilder::is_constant(int tensor) const {
    return dequantised_.contains(tensor) || !file_.bytes(tensor).empty();
}

std::vector<float> TfliteBuilder::numbers(int tensor) const {
    const auto dequantised = dequantised_.find(tensor);
    const int source = dequantised == dequantised_.end() ? tensor : dequantised->second;
    if (file_.shape_of(source) != file_.shape_of(tensor)) {
        throw Error("'{}' has another shape than '{}'", file_.name_of_tensor(tensor),
                    file_.name_of_tensor(source));
    }
    return file_.floats(source);
}

int TfliteBuilder::constant(int tensor) {
    if (const auto found = ids_.find(tensor); found != ids_.end()) return found->second;
    return ids_[tensor] =
               add_constant(file_.name_of_tensor(tensor), file_.shape_of(tensor), numbers(tensor));
}

/// Into the node's own limits, or a clamp behind it.
void TfliteBuilder::apply(Node& node, Activation activation) {
    if (activation == Activation::NONE) return;
    if (!has_limits(node.operation)) {
        Node clamp;
        clamp.operation = Operator::clamp;
        clamp.inputs = {add(std::move(node))};
        node = std::move(clamp);
    }
    set_limits(node, activation);
}

void TfliteBuilder::give_tensor(int tensor, Node node) {
    const Shape shape = inferred_shape(graph_, node);
    node.output = result_tensor(tensor);
    if (shape_of(node.output) != shape) {
        throw Error("gives {}, but the file says {}", to_string(shape),
                    to_string(shape_of(node.output)));
    }
    graph_.nodes.push_back(std::move(node));
}

void TfliteBuilder::give(const tflite::Operator& op, Node node, Activation activation) {
    apply(node, activation);
    give_tensor(TfliteFile::single(op.outputs(), "output"), std::move(node));
}

void TfliteBuilder::give_part(const tflite::Operator& op, std::size_t part, Node node) {
    give_tensor(op.outputs()->Get(static_cast<flatbuffers::uoffset_t>(part)), std::move(node));
}

void TfliteBuilder::pretend(const tflite::Operator& op) {
    for (std::size_t i = 0; i < TfliteFile::size_of(op.outputs()); ++i) {
        const int tensor = op.outputs()->Get(static_cast<flatbuffers::uoffset_t>(i));
        try {
            if (!ids_.contains(tensor)) result_tensor(tensor);
        } catch (const Error&) {
            // Then whoever reads it says that it is not there.
        }
    }
}

void TfliteBuilder::give_reshaped(const tflite::Operator& op, Node node, Activation activation) {
    apply(node, activation);
    const Shape target = file_.shape_of(TfliteFile::single(op.outputs(), "output"));
    if (inferred_shape(graph_, node) == target) return give(op, std::move(node));
    Node reshape;
    reshape.operation = Operator::reshape;
    reshape.inputs = {add(std::move(node))};
    reshape.shape = target;
    give(op, std::move(reshape));
}

Graph TfliteBuilder::finish(const std::vector<int>& outputs) && {
    for (const int tensor : outputs)
        graph_.outputs.push_back(computed(tensor));
    return std::move(graph_);
}

}  // namespace scrim
