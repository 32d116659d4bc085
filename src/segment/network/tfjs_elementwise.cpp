#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "segment/network/tfjs_constants.h"
#include "segment/network/tfjs_operators.h"
#include "util/error.h"

namespace scrim {
namespace {

template <Operator kind>
void import_single(TfjsBuilder& builder, const TfjsNode& node) {
    builder.give_single(node, kind);
}

template <Node (*make)(GraphBuilder&, int)>
void import_made(TfjsBuilder& builder, const TfjsNode& node) {
    builder.give(node, make(builder, builder.computed(node, 0)));
}

void import_negative(TfjsBuilder& builder, const TfjsNode& node) {
    builder.give(node, builder.scaled(builder.computed(node, 0), -1, 0));
}

void import_activation(TfjsBuilder& builder, const TfjsNode& node) {
    constexpr float six = 6;
    builder.give_single(node, Operator::clamp, 0.0F,
                        node.operation() == "Relu6" ? six : TfjsBuilder::unlimited);
}

void import_leaky_relu(TfjsBuilder& builder, const TfjsNode& node) {
    constexpr float usual_slope = 0.2F;
    Node leaky = node_of(Operator::leaky_relu, {builder.computed(node, 0)});
    leaky.slope = node.number("alpha", usual_slope);
    builder.give(node, std::move(leaky));
}

void import_prelu(TfjsBuilder& builder, const TfjsNode& node) {
    const int x = builder.computed(node, 0);
    builder.give(
        node, prelu_of(builder, x, per_channel(builder.constant(node, 1), builder.shape_of(x)[3])));
}

/// x and numbers for its channels. `first`: the numbers come first.
Node with_constant(TfjsBuilder& builder, Operator kind, int x, std::vector<float> numbers,
                   bool first) {
    std::vector<float> ones(numbers.size(), 1.0F);
    std::vector<float> zeros(numbers.size());
    if (kind == Operator::divide && !first) {
        for (float& number : numbers)
            number = 1 / number;
        kind = Operator::multiply;
    }
    if (kind == Operator::multiply) return builder.scaled(x, std::move(numbers), std::move(zeros));
    if (kind == Operator::subtract) {
        for (float& number : first ? ones : numbers)
            number = -number;
        kind = Operator::add;
    }
    if (kind == Operator::add) return builder.scaled(x, std::move(ones), std::move(numbers));
    const int filled = builder.add_filled(x, std::move(numbers));
    return first ? node_of(kind, {filled, x}) : node_of(kind, {x, filled});
}

template <Operator kind>
void import_pair(TfjsBuilder& builder, const TfjsNode& node) {
    const bool first = builder.input(node, 0).constant();
    if (!first && !builder.input(node, 1).constant()) {
        return builder.give(node,
                            node_of(kind, {builder.computed(node, 0), builder.computed(node, 1)}));
    }
    const int x = builder.computed(node, first ? 1 : 0);
    const TfjsConstant& constant = builder.constant(node, first ? 0 : 1);
    if (constant.data.size() == 1 && (kind == Operator::maximum || kind == Operator::minimum)) {
        Node clamp = node_of(Operator::clamp, {x});
        (kind == Operator::maximum ? clamp.min : clamp.max) = constant.data[0];
        return builder.give(node, std::move(clamp));
    }
    builder.give(node, with_constant(builder, kind, x,
                                     per_channel(constant, builder.shape_of(x)[3]), first));
}

/// The last input is the axis; all pictures have four sides here.
void import_concatenation(TfjsBuilder& builder, const TfjsNode& node) {
    if (node.inputs().size() < 2) throw Error("input 1 is missing");
    const std::size_t last = node.inputs().size() - 1;
    Node all = node_of(Operator::concatenation, {});
    for (std::size_t i = 0; i < last; ++i)
        all.inputs.push_back(builder.computed(node, i));
    const int axis = whole_numbers(builder.constant(node, last), 1)[0];
    all.axis = axis < 0 ? axis + 4 : axis;
    builder.give(node, std::move(all));
}

}  // namespace

TfjsImport tfjs_elementwise_import(std::string_view operation) {
    static const std::map<std::string_view, TfjsImport> imports{
        {"Add", import_pair<Operator::add>},
        {"AddV2", import_pair<Operator::add>},
        {"Sub", import_pair<Operator::subtract>},
        {"Mul", import_pair<Operator::multiply>},
        {"RealDiv", import_pair<Operator::divide>},
        {"Maximum", import_pair<Operator::maximum>},
        {"Minimum", import_pair<Operator::minimum>},
        {"SquaredDifference", import_pair<Operator::squared_difference>},
        {"Relu", import_activation},
        {"Relu6", import_activation},
        {"Sigmoid", import_single<Operator::sigmoid>},
        {"Abs", import_single<Operator::absolute>},
        {"Square", import_single<Operator::square>},
        {"Sqrt", import_single<Operator::square_root>},
        {"Elu", import_single<Operator::elu>},
        {"Softmax", import_single<Operator::softmax>},
        {"Neg", import_negative},
        {"Tanh", import_made<tanh_of>},
        {"Exp", import_made<exp_of>},
        {"Rsqrt", import_made<reciprocal_root_of>},
        {"LeakyRelu", import_leaky_relu},
        {"Prelu", import_prelu},
        {"ConcatV2", import_concatenation},
    };
    const auto found = imports.find(operation);
    return found == imports.end() ? nullptr : found->second;
}

}  // namespace scrim
