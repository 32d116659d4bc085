#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "segment/network/tflite_operators.h"
#include "util/error.h"

namespace scrim {
namespace {

using tflite::Activation;
using tflite::BuiltinOperator;
using tflite::Operator;
using Kind = scrim::Operator;

std::vector<float> repeated(const Shape& picture, float number) {
    return std::vector<float>(static_cast<std::size_t>(picture[3]), number);
}

Node single(Kind kind, int input) {
    Node node;
    node.operation = kind;
    node.inputs = {input};
    return node;
}

Node pair(Kind kind, int first, int second) {
    Node node;
    node.operation = kind;
    node.inputs = {first, second};
    return node;
}

int only_input(TfliteBuilder& builder, const Operator& op) {
    return builder.computed(TfliteBuilder::input_of(op, 0, 1));
}

template <Kind kind>
void import_single(TfliteBuilder& builder, const Operator& op) {
    builder.give(op, single(kind, only_input(builder, op)));
}

template <Activation activation>
void import_limits(TfliteBuilder& builder, const Operator& op) {
    Node node = single(Kind::clamp, only_input(builder, op));
    constexpr float six = 6;
    node.min = activation == Activation::RELU_N1_TO_1 ? -1 : 0;
    if (activation == Activation::RELU_N1_TO_1) node.max = 1;
    if (activation == Activation::RELU6) node.max = six;
    builder.give(op, std::move(node));
}

void import_negative(TfliteBuilder& builder, const Operator& op) {
    const int x = only_input(builder, op);
    const Shape shape = builder.shape_of(x);
    builder.give(op, builder.scaled(x, repeated(shape, -1), repeated(shape, 0)));
}

/// 2 sigmoid(2 x) - 1.
void import_tanh(TfliteBuilder& builder, const Operator& op) {
    const int x = only_input(builder, op);
    const Shape shape = builder.shape_of(x);
    const int twice = builder.add_scaled(x, repeated(shape, 2), repeated(shape, 0));
    const int sigmoid = builder.add(single(Kind::sigmoid, twice));
    builder.give(op, builder.scaled(sigmoid, repeated(shape, 2), repeated(shape, -1)));
}

/// sigmoid(x) / sigmoid(-x), which keeps its precision on both sides of zero.
void import_exp(TfliteBuilder& builder, const Operator& op) {
    const int x = only_input(builder, op);
    const Shape shape = builder.shape_of(x);
    const int negative = builder.add_scaled(x, repeated(shape, -1), repeated(shape, 0));
    const int above = builder.add(single(Kind::sigmoid, x));
    const int below = builder.add(single(Kind::sigmoid, negative));
    builder.give(op, pair(Kind::divide, above, below));
}

void import_reciprocal_root(TfliteBuilder& builder, const Operator& op) {
    const int x = only_input(builder, op);
    const int ones = builder.add_filled(x, repeated(builder.shape_of(x), 1));
    builder.give(op, pair(Kind::divide, ones, builder.add(single(Kind::square_root, x))));
}

void import_leaky_relu(TfliteBuilder& builder, const Operator& op) {
    Node node = single(Kind::leaky_relu, only_input(builder, op));
    node.slope = options_or_throw(op.options_as_LeakyReluOptions()).alpha();
    builder.give(op, std::move(node));
}

/// The numbers of a constant for each channel of a picture; one may stand for all.
std::vector<float> per_channel(const TfliteBuilder& builder, int tensor, int channels) {
    const std::vector<float> numbers = builder.numbers(tensor);
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

/// max(x, 0) + slopes * min(x, 0).
void import_prelu(TfliteBuilder& builder, const Operator& op) {
    const int x = builder.computed(TfliteBuilder::input_of(op, 0, 2));
    const int channels = builder.shape_of(x)[3];
    std::vector<float> slopes = per_channel(builder, TfliteBuilder::input_of(op, 1, 2), channels);
    Node above = single(Kind::clamp, x);
    above.min = 0;
    Node below = single(Kind::clamp, x);
    below.max = 0;
    const int kept = builder.add(std::move(above));
    const int cut = builder.add(std::move(below));
    const std::vector<float> zeros(slopes.size());
    builder.give(op, pair(Kind::add, kept, builder.add_scaled(cut, std::move(slopes), zeros)));
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
        return builder.give(op, pair(kind, builder.computed(a), builder.computed(b)), activation);
    }
    const int x = builder.computed(first ? b : a);
    std::vector<float> numbers = per_channel(builder, first ? a : b, builder.shape_of(x)[3]);
    if (auto node = scaling(builder, kind, x, numbers, first)) {
        return builder.give(op, std::move(*node), activation);
    }
    const int filled = builder.add_filled(x, std::move(numbers));
    builder.give(op, first ? pair(kind, filled, x) : pair(kind, x, filled), activation);
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
            return import_tanh;
        case BuiltinOperator::EXP:
            return import_exp;
        case BuiltinOperator::RSQRT:
            return import_reciprocal_root;
        case BuiltinOperator::LEAKY_RELU:
            return import_leaky_relu;
        case BuiltinOperator::PRELU:
            return import_prelu;
        default:
            return nullptr;
    }
}

}  // namespace scrim
