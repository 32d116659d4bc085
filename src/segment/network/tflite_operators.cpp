#include "segment/network/tflite_operators.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "util/error.h"

namespace scrim {
namespace {

using tflite::BuiltinOperator;
using tflite::Operator;
using Kind = scrim::Operator;

void set_padding(const TfliteBuilder& builder, Node& node, tflite::Padding padding,
                 int kernel_height, int kernel_width) {
    if (node.stride_height < 1 || node.stride_width < 1 || node.dilation_height < 1 ||
        node.dilation_width < 1) {
        throw Error("a stride or dilation below 1");
    }
    if (padding == tflite::Padding::SAME) {
        pad_as_same(node, builder.shape_of(node.inputs[0]), kernel_height, kernel_width);
    } else if (padding != tflite::Padding::VALID) {
        throw Error("padding {} is not supported", static_cast<int>(padding));
    }
}

void import_dequantise(TfliteBuilder& builder, const Operator& op) {
    const int source = TfliteBuilder::input_of(op, 0, 1);
    builder.give_dequantised(TfliteFile::single(op.outputs(), "output"), source);
}

Node three_inputs(TfliteBuilder& builder, const Operator& op, Kind kind) {
    Node node;
    node.operation = kind;
    node.inputs = {builder.computed(TfliteBuilder::input_of(op, 0, 3)),
                   builder.constant(TfliteBuilder::input_of(op, 1, 3)),
                   builder.constant(TfliteBuilder::input_of(op, 2, 3))};
    return node;
}

template <typename Options>
void import_convolution(TfliteBuilder& builder, const Operator& op, Kind kind,
                        const Options& options) {
    Node node = three_inputs(builder, op, kind);
    node.stride_height = options.stride_h();
    node.stride_width = options.stride_w();
    node.dilation_height = options.dilation_h();
    node.dilation_width = options.dilation_w();
    const Shape weights = builder.shape_of(node.inputs[1]);
    set_padding(builder, node, options.padding(), weights[1], weights[2]);
    builder.give(op, std::move(node), options.activation());
}

void import_plain_convolution(TfliteBuilder& builder, const Operator& op) {
    import_convolution(builder, op, Kind::convolution,
                       options_or_throw(op.options_as_Conv2DOptions()));
}

void import_depthwise(TfliteBuilder& builder, const Operator& op) {
    const auto& options = options_or_throw(op.options_as_DepthwiseConv2DOptions());
    if (options.depth_multiplier() != 1) {
        throw Error("a depth multiplier of {} is not supported", options.depth_multiplier());
    }
    import_convolution(builder, op, Kind::depthwise_convolution, options);
}

/// MediaPipe's own operator. Its options are three whole numbers: padding (1 = SAME), stride_width,
/// stride_height.
void import_transposed_with_bias(TfliteBuilder& builder, const Operator& op) {
    std::array<std::int32_t, 3> options{};
    if (TfliteFile::size_of(op.custom_options()) != sizeof(options))
        throw Error("its options are missing");
    std::memcpy(options.data(), op.custom_options()->data(), sizeof(options));
    const auto [padding, stride_width, stride_height] = options;
    Node node = three_inputs(builder, op, Kind::transposed_convolution);
    const Shape& weights = builder.shape_of(node.inputs[1]);
    // Then results don't overlap, and SAME means that nothing is cut off.
    if (padding != 1 || stride_width != weights[2] || stride_height != weights[1]) {
        throw Error("padding {} or a stride of {}x{} with a kernel of {}x{} is not supported",
                    padding, stride_height, stride_width, weights[1], weights[2]);
    }
    node.stride_height = stride_height;
    node.stride_width = stride_width;
    builder.give(op, std::move(node));
}

/// How much is cut off a side of a transposed convolution's result, before and after.
std::pair<int, int> cut_off(int input, int kernel, int stride, int output) {
    const std::int64_t whole = (std::int64_t{input} - 1) * stride + kernel;
    if (output > whole || whole - output >= kernel) {
        throw Error("a kernel of {} with a stride of {} does not make {} out of {}", kernel, stride,
                    output, input);
    }
    const int rest = static_cast<int>(whole - output);
    return {rest / 2, rest - rest / 2};
}

/// Its inputs are the result's shape, weights, picture and (in later files) bias.
void import_transposed(TfliteBuilder& builder, const Operator& op) {
    const auto& options = options_or_throw(op.options_as_TransposeConvOptions());
    const std::size_t count = std::clamp<std::size_t>(TfliteBuilder::input_count(op), 3, 4);
    const auto input = [&](std::size_t i) { return TfliteBuilder::input_of(op, i, count); };
    const std::vector<int> sides = builder.file().whole_numbers(input(0), 4);
    const int weights = builder.constant(input(1));
    const Shape kernel = builder.shape_of(weights);
    const int picture = builder.computed(input(2));
    const Shape from = builder.shape_of(picture);
    const bool has_bias = count == 4 && input(3) >= 0;
    const int bias =
        has_bias ? builder.constant(input(3))
                 : builder.add_constant("no bias", {1, 1, 1, kernel[0]},
                                        std::vector<float>(static_cast<std::size_t>(kernel[0])));
    Node node;
    node.operation = Kind::transposed_convolution;
    node.inputs = {picture, weights, bias};
    node.stride_height = options.stride_h();
    node.stride_width = options.stride_w();
    std::tie(node.pad_top, node.pad_bottom) =
        cut_off(from[1], kernel[1], node.stride_height, sides[1]);
    std::tie(node.pad_left, node.pad_right) =
        cut_off(from[2], kernel[2], node.stride_width, sides[2]);
    builder.give(op, std::move(node), options.activation());
}

/// A 1x1 convolution over the numbers taken as rows as long as the weights'.
void import_fully_connected(TfliteBuilder& builder, const Operator& op) {
    const auto& options = options_or_throw(op.options_as_FullyConnectedOptions());
    if (options.weights_format() != tflite::WeightsFormat::DEFAULT) {
        throw Error("weights in another order are not supported");
    }
    const std::size_t count = std::clamp<std::size_t>(TfliteBuilder::input_count(op), 2, 3);
    int input = builder.computed(TfliteBuilder::input_of(op, 0, count));
    const int matrix = TfliteBuilder::input_of(op, 1, count);
    const Shape sides = builder.file().shape_of(matrix);
    if (sides[0] != 1 || sides[1] != 1) throw Error("weights of {}", to_string(sides));
    const int weights = builder.add_constant(builder.file().name_of_tensor(matrix),
                                             {sides[2], 1, 1, sides[3]}, builder.numbers(matrix));
    const int bias_tensor = count == 3 ? TfliteBuilder::input_of(op, 2, count) : -1;
    const int bias = bias_tensor >= 0 ? builder.constant(bias_tensor)
                                      : builder.add_constant(
                                            "no bias", {1, 1, 1, sides[2]},
                                            std::vector<float>(static_cast<std::size_t>(sides[2])));
    const Shape picture = builder.shape_of(input);
    if (picture[3] != sides[3]) {
        Node rows;
        rows.operation = Kind::reshape;
        rows.inputs = {input};
        const auto row_count = elements(picture) / sides[3];
        rows.shape = {1, 1, static_cast<int>(std::min<std::int64_t>(row_count, INT32_MAX)),
                      sides[3]};
        input = builder.add(std::move(rows));
    }
    Node node;
    node.operation = Kind::convolution;
    node.inputs = {input, weights, bias};
    builder.give_reshaped(op, std::move(node), options.activation());
}

template <Kind kind>
void import_pool(TfliteBuilder& builder, const Operator& op) {
    const auto& options = options_or_throw(op.options_as_Pool2DOptions());
    Node node;
    node.operation = kind;
    node.inputs = {builder.computed(TfliteBuilder::input_of(op, 0, 1))};
    node.height = options.filter_h();
    node.width = options.filter_w();
    node.stride_height = options.stride_h();
    node.stride_width = options.stride_w();
    const Shape picture = builder.shape_of(node.inputs[0]);
    const bool whole = node.height == picture[1] && node.width == picture[2] &&
                       options.padding() == tflite::Padding::VALID;
    if (kind == Kind::average_pool && whole) {
        node = {};
        node.operation = Kind::mean;
        node.inputs = {builder.computed(TfliteBuilder::input_of(op, 0, 1))};
        return builder.give(op, std::move(node), options.activation());
    }
    if (node.height == 1 && node.width == 1) {
        // That leaves pixels out.
        const auto channels = static_cast<std::size_t>(picture[3]);
        Node choice = builder.scaled(node.inputs[0], std::vector<float>(channels, 1),
                                     std::vector<float>(channels));
        choice.stride_height = node.stride_height;
        choice.stride_width = node.stride_width;
        node = std::move(choice);
    }
    set_padding(builder, node, options.padding(), options.filter_h(), options.filter_w());
    builder.give(op, std::move(node), options.activation());
}

void import_pad(TfliteBuilder& builder, const Operator& op) {
    Node node;
    node.operation = Kind::pad;
    node.inputs = {builder.computed(TfliteBuilder::input_of(op, 0, 2))};
    const std::vector<int> sides =
        builder.file().whole_numbers(TfliteBuilder::input_of(op, 1, 2), 8);
    if (sides[0] != 0 || sides[1] != 0) throw Error("a batch cannot be padded");
    node.pad_top = sides[2];
    node.pad_bottom = sides[3];
    node.pad_left = sides[4];
    node.pad_right = sides[5];
    node.pad_channels_before = sides[6];
    node.pad_channels_after = sides[7];
    builder.give(op, std::move(node));
}

/// An axis of a tensor in the file, counted from behind or with fewer sides, as one of the graph's.
int graph_axis(const TfliteFile& file, int tensor, int axis) {
    const auto rank = static_cast<int>(TfliteFile::size_of(file.tensor(tensor).shape()));
    const int result = axis < 0 ? axis + 4 : axis + 4 - rank;
    if (axis < -rank || axis >= rank) throw Error("there is no axis {}", axis);
    return result;
}

/// The mean of all channels, as a convolution.
Node mean_of_channels(TfliteBuilder& builder, int input) {
    const int channels = builder.shape_of(input)[3];
    const float weight = 1 / static_cast<float>(channels);
    Node node;
    node.operation = Kind::convolution;
    node.inputs = {
        input,
        builder.add_constant("mean", {1, 1, 1, channels},
                             std::vector<float>(static_cast<std::size_t>(channels), weight)),
        builder.add_constant("no bias", {1, 1, 1, 1}, {0})};
    return node;
}

/// The mean over height, width or both.
Node mean_of_pixels(const TfliteBuilder& builder, int input, bool height, bool width) {
    const Shape picture = builder.shape_of(input);
    Node node;
    node.inputs = {input};
    node.operation = Kind::mean;
    if (height && width) return node;
    node.operation = Kind::average_pool;
    node.height = height ? picture[1] : 1;
    node.width = width ? picture[2] : 1;
    if (node.height * node.width > 1) return node;
    node.operation = Kind::reshape;
    node.shape = picture;
    return node;
}

void import_mean(TfliteBuilder& builder, const Operator& op) {
    options_or_throw(op.options_as_ReducerOptions());
    const int tensor = TfliteBuilder::input_of(op, 0, 2);
    int input = builder.computed(tensor);
    std::set<int> axes;
    for (const int axis : builder.file().whole_numbers(TfliteBuilder::input_of(op, 1, 2)))
        axes.insert(graph_axis(builder.file(), tensor, axis));
    const bool height = axes.contains(1);
    const bool width = axes.contains(2);
    if (axes.contains(0) || axes.empty()) throw Error("a mean over a batch or nothing");
    if (!axes.contains(3)) {
        builder.give_reshaped(op, mean_of_pixels(builder, input, height, width));
        return;
    }
    if (height || width) input = builder.add(mean_of_pixels(builder, input, height, width));
    builder.give_reshaped(op, mean_of_channels(builder, input));
}

void import_resize(TfliteBuilder& builder, const Operator& op) {
    const auto& options = options_or_throw(op.options_as_ResizeBilinearOptions());
    if (options.align_corners() || !options.half_pixel_centers()) {
        throw Error("only half-pixel centres are supported");
    }
    Node node;
    node.operation = Kind::resize;
    node.inputs = {builder.computed(TfliteBuilder::input_of(op, 0, 2))};
    const std::vector<int> size =
        builder.file().whole_numbers(TfliteBuilder::input_of(op, 1, 2), 2);
    node.height = size[0];
    node.width = size[1];
    builder.give(op, std::move(node));
}

/// RESHAPE, SQUEEZE and EXPAND_DIMS: the file says the result's shape, whatever led to it.
void import_reshape(TfliteBuilder& builder, const Operator& op) {
    if (TfliteBuilder::input_count(op) < 1) throw Error("0 inputs instead of 1");
    Node node;
    node.operation = Kind::reshape;
    node.inputs = {builder.computed(op.inputs()->Get(0))};
    node.shape = builder.file().shape_of(TfliteFile::single(op.outputs(), "output"));
    builder.give(op, std::move(node));
}

void import_softmax(TfliteBuilder& builder, const Operator& op) {
    const float beta = options_or_throw(op.options_as_SoftmaxOptions()).beta();
    Node node;
    node.operation = Kind::softmax;
    node.inputs = {builder.computed(TfliteBuilder::input_of(op, 0, 1))};
    if (beta != 1) {
        const auto channels = static_cast<std::size_t>(builder.shape_of(node.inputs[0])[3]);
        node.inputs = {builder.add_scaled(node.inputs[0], std::vector<float>(channels, beta),
                                          std::vector<float>(channels))};
    }
    builder.give(op, std::move(node));
}

void import_concatenation(TfliteBuilder& builder, const Operator& op) {
    const auto& options = options_or_throw(op.options_as_ConcatenationOptions());
    const int result = TfliteFile::single(op.outputs(), "output");
    Node node;
    node.operation = Kind::concatenation;
    node.axis = graph_axis(builder.file(), result, options.axis());
    for (std::size_t i = 0; i < TfliteBuilder::input_count(op); ++i) {
        node.inputs.push_back(
            builder.computed(op.inputs()->Get(static_cast<flatbuffers::uoffset_t>(i))));
    }
    builder.give(op, std::move(node), options.activation());
}

/// By channels only: convolutions of 1x1 that choose them.
void import_split(TfliteBuilder& builder, const Operator& op) {
    constexpr int most_channels = 1024;  // the weights grow with the square
    const int tensor = TfliteBuilder::input_of(op, 1, 2);
    const int input = builder.computed(tensor);
    const int axis = builder.file().whole_numbers(TfliteBuilder::input_of(op, 0, 2), 1)[0];
    const int channels = builder.shape_of(input)[3];
    const auto parts = static_cast<int>(TfliteFile::size_of(op.outputs()));
    if (graph_axis(builder.file(), tensor, axis) != 3) throw Error("only channels can be split");
    if (parts < 1 || channels % parts != 0 || channels > most_channels) {
        throw Error("{} channels cannot be split into {}", channels, parts);
    }
    const int length = channels / parts;
    for (int part = 0; part < parts; ++part) {
        const int count = length * channels;
        std::vector<float> weights(static_cast<std::size_t>(count));
        for (int c = 0; c < length; ++c) {
            const int place = c * channels + part * length + c;
            weights[static_cast<std::size_t>(place)] = 1;
        }
        Node node;
        node.operation = Kind::convolution;
        node.inputs = {input,
                       builder.add_constant("choice", {length, 1, 1, channels}, std::move(weights)),
                       builder.add_constant("no bias", {1, 1, 1, length},
                                            std::vector<float>(static_cast<std::size_t>(length)))};
        builder.give_part(op, static_cast<std::size_t>(part), std::move(node));
    }
}

}  // namespace

TfliteImport tflite_import(BuiltinOperator code, std::string_view custom) {
    if (const TfliteImport elementwise = tflite_elementwise_import(code)) return elementwise;
    switch (code) {
        case BuiltinOperator::DEQUANTIZE:
            return import_dequantise;
        case BuiltinOperator::CONV_2D:
            return import_plain_convolution;
        case BuiltinOperator::DEPTHWISE_CONV_2D:
            return import_depthwise;
        case BuiltinOperator::TRANSPOSE_CONV:
            return import_transposed;
        case BuiltinOperator::FULLY_CONNECTED:
            return import_fully_connected;
        case BuiltinOperator::AVERAGE_POOL_2D:
            return import_pool<Kind::average_pool>;
        case BuiltinOperator::MAX_POOL_2D:
            return import_pool<Kind::max_pool>;
        case BuiltinOperator::PAD:
            return import_pad;
        case BuiltinOperator::MEAN:
            return import_mean;
        case BuiltinOperator::RESIZE_BILINEAR:
            return import_resize;
        case BuiltinOperator::RESHAPE:
        case BuiltinOperator::SQUEEZE:
        case BuiltinOperator::EXPAND_DIMS:
            return import_reshape;
        case BuiltinOperator::SOFTMAX:
            return import_softmax;
        case BuiltinOperator::CONCATENATION:
            return import_concatenation;
        case BuiltinOperator::SPLIT:
            return import_split;
        case BuiltinOperator::CUSTOM:
            return custom == "Convolution2DTransposeBias" ? import_transposed_with_bias : nullptr;
        default:
            return nullptr;
    }
}

}  // namespace scrim
