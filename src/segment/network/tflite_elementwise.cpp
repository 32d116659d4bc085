#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "segment/network/tflite_operators.h"
#include "util/error.h"

namespace scrim {
namespace {

using tflite::Activation;
using tflite::BuiltinOperator;
using tflite::Operator;
using Kind = scrim::Operator;

int only_input(TfliteBuilder& builder, const Operator& op) {
    return builder.computed(TfliteBuilder::input_of(op, 0, 1));
}

template <Kind kind>
void import_single(TfliteBuilder& builder, const Operator& op) {
    builder.give(op, node_of(kind, {only_input(builder, op)}));
}

template <Activation activation>
void import_limits(TfliteBuilder& builder, const Operator& op) {
    Node node = node_of(Kind::clamp, {only_input(builder, op)});
    constexpr float six = 6;
    node.min = activation == Activation::RELU_N1_TO_1 ? -1 : 0;
    if (activation == Activation::RELU_N1_TO_1) node.max = 1;
    if (activation == Activation::RELU6) node.max = six;
    builder.give(op, std::move(node));
}

void import_negative(TfliteBuilder& builder, const Operator& op) {
    builder.give(op, builder.scaled(only_input(builder, op), -1, 0));
}

template <Node (*make)(GraphBuilder&, int)>
void import_made(TfliteBuilder& builder, const Operator& op) {
    builder.give(op, make(builder, only_input(builder, op)));
}

void import_leaky_relu(TfliteBuilder& builder, const Operator& op) {
    Node node = node_of(Kind::leaky_relu, {only_input(builder, op)});
    node.slope = options_or_throw(op.options_as_LeakyReluOptions()).alpha();
    builder.give(op, std::move(node));
}

/// The numbers of a constant for each channel of a picture; one may stand for all.
std::vector<float> per_channel(const TfliteBuilder& builder, int tensor, int channels) {
    std::vector<float> numbers = builder.numbers(tensor);
    const Shape shape = builder.file().shape_of(tensor);
    if (elements(shape) != shape[3] || (shape[3] != 1 && shape[3] != channels)) {
        throw Error(
            "a constant of {} for a picture of {} channels: only one for each channel or "
            "one for all is supported",
            to_string(shape), channels);
    }
    if (shape[3] == channels) return numbers;
    return std::vector<float>(static_cast<std::size_t>(channels), numbers[0]);
}

void import_prelu(TfliteBuilder& builder, const Operator& op) {
    const int x = builder.computed(TfliteBuilder::input_of(op, 0, 2));
    const int channels = builder.shape_of(x)[3];
    builder.give(op, prelu_of(builder, x,
                              per_channel(builder, TfliteBuilder::input_of(op, 1, 2), channels)));
}

/// x and a constant where a multiplication and an addition for each channel do it; else nothing.
std::optional<Node> scaling(TfliteBuilder& builder, Kind kind, int x, std::vector<float> numbers,
                            bool first) {
    std::vector<float> ones(numbers.size(), 1);
    std::vector<float> zeros(numbers.size());
    const auto change = [](std::vector<float>& list, auto function) {
        std::transform(list.begin(), list.end(), list.begin(), function);
    };
    switch (kind) {
        case Kind::add:
            return builder.scaled(x, std::move(ones), std::move(numbers));
        case Kind::subtract:
            change(first ? ones : numbers, std::negate<>());
            return builder.scaled(x, std::move(ones), std::move(numbers));
        case Kind::multiply:
            return builder.scaled(x, std::move(numbers), std::move(zeros));
        case Kind::divide:
            if (first) return std::nullopt;
            change(numbers, [](float number) { return 1 / number; });
            return builder.scaled(x, std::move(numbers), std::move(zeros));
        default:
            return std::nullopt;
    }
}

void import_two(TfliteBuilder& builder, const Operator& op, Kind kind, Activation activation) {
    const int a = TfliteBuilder::input_of(op, 0, 2);
    const int b = TfliteBuilder::input_of(op, 1, 2);
    const bool first = builder.is_constant(a);  // the constant comes first
    if (!first && !builder.is_constant(b)) {
        return builder.give(op, node_of(kind, {builder.computed(a), builder.computed(b)}),
                            activation);
    }
    const int x = builder.computed(first ? b : a);
    std::vector<float> numbers = per_channel(builder, first ? a : b, builder.shape_of(x)[3]);
    if (auto node = scaling(builder, kind, x, numbers, first)) {
        return builder.give(op, std::move(*node), activation);
    }
    const int filled = builder.add_filled(x, std::move(numbers));
    builder.give(op, first ? node_of(kind, {filled, x}) : node_of(kind, {x, filled}), activation);
}

template <Kind kind>
void import_pair(TfliteBuilder& builder, const Operator& op) {
    const auto activation = [&] {
        switch (kind) {
            case Kind::add:
                return options_or_throw(op.options_as_AddOptions()).activation();
            case Kind::subtract:
                return options_or_throw(op.options_as_SubOptions()).activation();
            case Kind::multiply:
                return options_or_throw(op.options_as_MulOptions()).activation();
            case Kind::divide:
                return options_or_throw(op.options_as_DivOptions()).activation();
            default:
                return Activation::NONE;
        }
    };
    import_two(builder, op, kind, activation());
}

}  // namespace

TfliteImport tflite_elementwise_import(BuiltinOperator code) {
    switch (code) {
        case BuiltinOperator::ADD:
            return import_pair<Kind::add>;
        case BuiltinOperator::SUB:
            return import_pair<Kind::subtract>;
        case BuiltinOperator::MUL:
            return import_pair<Kind::multiply>;
        case BuiltinOperator::DIV:
            return import_pair<Kind::divide>;
        case BuiltinOperator::MAXIMUM:
            return import_pair<Kind::maximum>;
        case BuiltinOperator::MINIMUM:
            return import_pair<Kind::minimum>;
        case BuiltinOperator::SQUARED_DIFFERENCE:
            return import_pair<Kind::squared_difference>;
        case BuiltinOperator::RELU:
            return import_limits<Activation::RELU>;
        case BuiltinOperator::RELU_N1_TO_1:
            return import_limits<Activation::RELU_N1_TO_1>;
        case BuiltinOperator::RELU6:
            return import_limits<Activation::RELU6>;
        case BuiltinOperator::HARD_SWISH:
            return import_single<Kind::hard_swish>;
        case BuiltinOperator::LOGISTIC:
            return import_single<Kind::sigmoid>;
        case BuiltinOperator::ABS:
            return import_single<Kind::absolute>;
        case BuiltinOperator::SQUARE:
            return import_single<Kind::square>;
        case BuiltinOperator::SQRT:
            return import_single<Kind::square_root>;
        case BuiltinOperator::ELU:
            return import_single<Kind::elu>;
        case BuiltinOperator::NEG:
            return import_negative;
        case BuiltinOperator::TANH:
            return import_made<tanh_of>;
        case BuiltinOperator::EXP:
            return import_made<exp_of>;
        case BuiltinOperator::RSQRT:
            return import_made<reciprocal_root_of>;
        case BuiltinOperator::LEAKY_RELU:
            return import_leaky_relu;
        case BuiltinOperator::PRELU:
            return import_prelu;
        default:
            return nullptr;
    }
}

}  // namespace scrim
