#include "segment/network/tflite_importer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "segment/network/tflite_file.h"
#include "util/error.h"

namespace scrim {
namespace {

using tflite::Activation;
using tflite::BuiltinOperator;
using tflite::TensorType;

class Importer {
  public:
    explicit Importer(std::span<const std::byte> file) : file_(file) {}

    Graph run(std::span<const std::string> names) {
        graph_.input = computed_tensor(TfliteFile::single(file_.subgraph().inputs(), "input"));
        const std::vector<int> outputs = wanted(names);
        const std::vector<bool> needed = names.empty() ? every_operator() : needed_for(outputs);
        for (std::size_t i = 0; i < file_.operator_count(); ++i) {
            if (!needed[i]) continue;
            const tflite::Operator& op = file_.operation(i);
            const Code code = code_of(op);
            try {
                import(op, code);
            } catch (const Error& e) {
                throw Error("operator {} ({}): {}", i, code.name, e.what());
            }
        }
        for (const int output : outputs)
            graph_.outputs.push_back(known(output));
        return std::move(graph_);
    }

  private:
    struct Code {
        BuiltinOperator builtin;
        std::string name;  // of a custom operator its identity, else for messages
    };

    /// The tensors of these names; without names the only output.
    std::vector<int> wanted(std::span<const std::string> names) const;
    std::vector<bool> every_operator() const {
        return std::vector<bool>(file_.operator_count(), true);
    }
    std::vector<bool> needed_for(const std::vector<int>& outputs) const;

    Code code_of(const tflite::Operator& op) const {
        const tflite::OperatorCode& code = file_.code_of(op);
        const auto builtin = static_cast<BuiltinOperator>(
            std::max(static_cast<int>(code.builtin_code()), int{code.builtin_code_byte()}));
        if (builtin == BuiltinOperator::CUSTOM) {
            return {builtin, TfliteFile::text(code.custom_code())};
        }
        const std::string name = tflite::EnumNameBuiltinOperator(builtin);
        return {builtin, name.empty() ? fmt::format("number {}", static_cast<int>(builtin)) : name};
    }

    /// A new tensor that a node computes, or the input.
    int computed_tensor(int index) {
        const std::string name = file_.name_of_tensor(index);
        const tflite::Tensor& t = file_.tensor(index);
        if (ids_.contains(index)) throw Error("'{}' is computed twice", name);
        if (!file_.bytes(index).empty()) throw Error("'{}' is computed and constant", name);
        if (t.type() != TensorType::FLOAT32) throw Error("'{}' is not of 32 bit floats", name);
        if (TfliteFile::size_of(t.shape()) != 4) throw Error("'{}' is not a picture", name);
        return ids_[index] = graph_.add_tensor({name, file_.shape_of(index), {}});
    }

    /// A tensor that has been computed before.
    int known(int index) const {
        const auto found = ids_.find(index);
        if (found == ids_.end()) {
            throw Error("'{}' is read before it is computed", file_.name_of_tensor(index));
        }
        return found->second;
    }

    /// Weights or bias: a constant, as it is or behind a DEQUANTIZE.
    int constant(int index) {
        if (const auto found = ids_.find(index); found != ids_.end()) return found->second;
        const auto dequantised = dequantised_.find(index);
        const int source = dequantised == dequantised_.end() ? index : dequantised->second;
        const Shape shape = file_.shape_of(index);
        if (file_.shape_of(source) != shape) {
            throw Error("'{}' has another shape than '{}'", file_.name_of_tensor(index),
                        file_.name_of_tensor(source));
        }
        return ids_[index] =
                   graph_.add_tensor({file_.name_of_tensor(index), shape, file_.floats(source)});
    }

    const Shape& shape_of(int id) const {
        return graph_.tensors[static_cast<std::size_t>(id)].shape;
    }

    static int input_of(const tflite::Operator& op, std::size_t number, std::size_t count) {
        if (TfliteFile::size_of(op.inputs()) != count) {
            throw Error("{} inputs instead of {}", TfliteFile::size_of(op.inputs()), count);
        }
        return op.inputs()->Get(static_cast<flatbuffers::uoffset_t>(number));
    }

    template <typename Options>
    static const Options& options_or_throw(const Options* options) {
        if (options == nullptr) throw Error("its options are missing");
        return *options;
    }

    static void set_activation(Node& node, Activation activation) {
        constexpr float relu6 = 6.0F;
        switch (activation) {
            case Activation::NONE:
                return;
            case Activation::RELU:
                node.min = 0;
                return;
            case Activation::RELU6:
                node.min = 0;
                node.max = relu6;
                return;
            default:
                throw Error("activation {} is not supported", static_cast<int>(activation));
        }
    }

    void set_padding(Node& node, tflite::Padding padding, int kernel_height,
                     int kernel_width) const {
        if (node.stride_height < 1 || node.stride_width < 1 || node.dilation_height < 1 ||
            node.dilation_width < 1) {
            throw Error("a stride or dilation below 1");
        }
        if (padding == tflite::Padding::SAME) {
            pad_as_same(node, shape_of(node.inputs[0]), kernel_height, kernel_width);
        } else if (padding != tflite::Padding::VALID) {
            throw Error("padding {} is not supported", static_cast<int>(padding));
        }
    }

    void import(const tflite::Operator& op, const Code& code);
    void import_dequantise(const tflite::Operator& op);
    template <typename Options>
    void import_convolution(const tflite::Operator& op, Operator kind, const Options& options);
    void import_transposed(const tflite::Operator& op);
    void import_pool(const tflite::Operator& op);
    void import_max_pool(const tflite::Operator& op);
    void import_pad(const tflite::Operator& op);
    void import_mean(const tflite::Operator& op);
    void import_resize(const tflite::Operator& op);
    void import_pair(const tflite::Operator& op, Operator kind, Activation activation);
    void import_single(const tflite::Operator& op, Operator kind, Activation activation);

    Node three_inputs(const tflite::Operator& op, Operator kind);
    void finish(const tflite::Operator& op, Node node);

    TfliteFile file_;
    Graph graph_;
    std::map<int, int> ids_;          // tensor in the file -> tensor in the graph
    std::map<int, int> dequantised_;  // tensor that a DEQUANTIZE gives -> the constant it reads
};

std::vector<int> Importer::wanted(std::span<const std::string> names) const {
    if (names.empty()) return {TfliteFile::single(file_.subgraph().outputs(), "output")};
    std::map<std::string, int> tensors;
    for (int i = 0; i < static_cast<int>(TfliteFile::size_of(file_.subgraph().tensors())); ++i)
        tensors.emplace(file_.name_of_tensor(i), i);
    std::vector<int> found;
    for (const std::string& name : names) {
        const auto tensor = tensors.find(name);
        if (tensor == tensors.end()) throw Error("it has no tensor '{}'", name);
        found.push_back(tensor->second);
    }
    return found;
}

std::vector<bool> Importer::needed_for(const std::vector<int>& outputs) const {
    std::set<int> tensors(outputs.begin(), outputs.end());
    std::vector<bool> needed(file_.operator_count());
    for (std::size_t i = needed.size(); i-- > 0;) {
        const tflite::Operator& op = file_.operation(i);
        if (op.outputs() == nullptr) continue;
        needed[i] = std::any_of(op.outputs()->begin(), op.outputs()->end(),
                                [&](int tensor) { return tensors.contains(tensor); });
        if (needed[i] && op.inputs() != nullptr)
            tensors.insert(op.inputs()->begin(), op.inputs()->end());
    }
    return needed;
}

void Importer::import(const tflite::Operator& op, const Code& code) {
    switch (code.builtin) {
        case BuiltinOperator::DEQUANTIZE:
            return import_dequantise(op);
        case BuiltinOperator::CONV_2D:
            return import_convolution(op, Operator::convolution,
                                      options_or_throw(op.options_as_Conv2DOptions()));
        case BuiltinOperator::DEPTHWISE_CONV_2D: {
            const auto& options = options_or_throw(op.options_as_DepthwiseConv2DOptions());
            if (options.depth_multiplier() != 1) {
                throw Error("a depth multiplier of {} is not supported",
                            options.depth_multiplier());
            }
            return import_convolution(op, Operator::depthwise_convolution, options);
        }
        case BuiltinOperator::ADD:
            return import_pair(op, Operator::add,
                               options_or_throw(op.options_as_AddOptions()).activation());
        case BuiltinOperator::SUB:
            return import_pair(op, Operator::subtract,
                               options_or_throw(op.options_as_SubOptions()).activation());
        case BuiltinOperator::MUL:
            return import_pair(op, Operator::multiply,
                               options_or_throw(op.options_as_MulOptions()).activation());
        case BuiltinOperator::RELU:
            return import_single(op, Operator::clamp, Activation::RELU);
        case BuiltinOperator::RELU6:
            return import_single(op, Operator::clamp, Activation::RELU6);
        case BuiltinOperator::HARD_SWISH:
            return import_single(op, Operator::hard_swish, Activation::NONE);
        case BuiltinOperator::LOGISTIC:
            return import_single(op, Operator::sigmoid, Activation::NONE);
        case BuiltinOperator::AVERAGE_POOL_2D:
            return import_pool(op);
        case BuiltinOperator::MAX_POOL_2D:
            return import_max_pool(op);
        case BuiltinOperator::PAD:
            return import_pad(op);
        case BuiltinOperator::MEAN:
            return import_mean(op);
        case BuiltinOperator::RESIZE_BILINEAR:
            return import_resize(op);
        case BuiltinOperator::CUSTOM:
            if (code.name == "Convolution2DTransposeBias") return import_transposed(op);
            break;
        default:
            break;
    }
    throw Error("this operator is not supported");
}

void Importer::finish(const tflite::Operator& op, Node node) {
    const Shape shape = inferred_shape(graph_, node);
    node.output = computed_tensor(TfliteFile::single(op.outputs(), "output"));
    if (shape_of(node.output) != shape) {
        throw Error("gives {}, but the file says {}", to_string(shape),
                    to_string(shape_of(node.output)));
    }
    graph_.nodes.push_back(std::move(node));
}

void Importer::import_dequantise(const tflite::Operator& op) {
    const int source = input_of(op, 0, 1);
    const int target = TfliteFile::single(op.outputs(), "output");
    if (file_.tensor(source).type() != TensorType::FLOAT16 || file_.bytes(source).empty()) {
        throw Error("only constants of 16 bit floats are supported");
    }
    if (file_.tensor(target).type() != TensorType::FLOAT32 || ids_.contains(target) ||
        !file_.bytes(target).empty() || !dequantised_.emplace(target, source).second) {
        throw Error("'{}' cannot take its result", file_.name_of_tensor(target));
    }
}

Node Importer::three_inputs(const tflite::Operator& op, Operator kind) {
    Node node;
    node.operation = kind;
    node.inputs = {known(input_of(op, 0, 3)), constant(input_of(op, 1, 3)),
                   constant(input_of(op, 2, 3))};
    return node;
}

template <typename Options>
void Importer::import_convolution(const tflite::Operator& op, Operator kind,
                                  const Options& options) {
    Node node = three_inputs(op, kind);
    node.stride_height = options.stride_h();
    node.stride_width = options.stride_w();
    node.dilation_height = options.dilation_h();
    node.dilation_width = options.dilation_w();
    set_activation(node, options.activation());
    const Shape& weights = shape_of(node.inputs[1]);
    set_padding(node, options.padding(), weights[1], weights[2]);
    finish(op, std::move(node));
}

/// MediaPipe's own operator. Its options are three whole numbers: padding (1 = SAME), stride_width,
/// stride_height.
void Importer::import_transposed(const tflite::Operator& op) {
    std::array<std::int32_t, 3> options{};
    if (TfliteFile::size_of(op.custom_options()) != sizeof(options))
        throw Error("its options are missing");
    std::memcpy(options.data(), op.custom_options()->data(), sizeof(options));
    const auto [padding, stride_width, stride_height] = options;
    Node node = three_inputs(op, Operator::transposed_convolution);
    const Shape& weights = shape_of(node.inputs[1]);
    // Then results don't overlap, and SAME means that nothing is cut off.
    if (padding != 1 || stride_width != weights[2] || stride_height != weights[1]) {
        throw Error("padding {} or a stride of {}x{} with a kernel of {}x{} is not supported",
                    padding, stride_height, stride_width, weights[1], weights[2]);
    }
    node.stride_height = stride_height;
    node.stride_width = stride_width;
    finish(op, std::move(node));
}

void Importer::import_pool(const tflite::Operator& op) {
    const auto& options = options_or_throw(op.options_as_Pool2DOptions());
    Node node;
    node.operation = Operator::mean;
    node.inputs = {known(input_of(op, 0, 1))};
    const Shape& picture = shape_of(node.inputs[0]);
    if (options.filter_h() != picture[1] || options.filter_w() != picture[2] ||
        options.padding() != tflite::Padding::VALID || options.activation() != Activation::NONE) {
        throw Error("only the mean of the whole picture is supported");
    }
    finish(op, std::move(node));
}

void Importer::import_max_pool(const tflite::Operator& op) {
    const auto& options = options_or_throw(op.options_as_Pool2DOptions());
    Node node;
    node.operation = Operator::max_pool;
    node.inputs = {known(input_of(op, 0, 1))};
    node.height = options.filter_h();
    node.width = options.filter_w();
    node.stride_height = options.stride_h();
    node.stride_width = options.stride_w();
    set_activation(node, options.activation());
    set_padding(node, options.padding(), node.height, node.width);
    finish(op, std::move(node));
}

void Importer::import_pad(const tflite::Operator& op) {
    Node node;
    node.operation = Operator::pad;
    node.inputs = {known(input_of(op, 0, 2))};
    const std::vector<int> sides = file_.whole_numbers(input_of(op, 1, 2), 8);
    if (sides[0] != 0 || sides[1] != 0 || sides[6] != 0) {
        throw Error("only the height and width of a picture can be padded, and channels behind");
    }
    node.pad_top = sides[2];
    node.pad_bottom = sides[3];
    node.pad_left = sides[4];
    node.pad_right = sides[5];
    node.pad_channels = sides[7];
    finish(op, std::move(node));
}

void Importer::import_mean(const tflite::Operator& op) {
    const auto& options = options_or_throw(op.options_as_ReducerOptions());
    Node node;
    node.operation = Operator::mean;
    node.inputs = {known(input_of(op, 0, 2))};
    std::set<int> axes;
    for (const int axis : file_.whole_numbers(input_of(op, 1, 2), 2))
        axes.insert(axis < 0 ? axis + 4 : axis);
    if (axes != std::set<int>{1, 2} || !options.keep_dims()) {
        throw Error("only the mean of the whole picture is supported");
    }
    finish(op, std::move(node));
}

void Importer::import_resize(const tflite::Operator& op) {
    const auto& options = options_or_throw(op.options_as_ResizeBilinearOptions());
    if (options.align_corners() || !options.half_pixel_centers()) {
        throw Error("only half-pixel centres are supported");
    }
    Node node;
    node.operation = Operator::resize;
    node.inputs = {known(input_of(op, 0, 2))};
    const std::vector<int> size = file_.whole_numbers(input_of(op, 1, 2), 2);
    node.height = size[0];
    node.width = size[1];
    finish(op, std::move(node));
}

void Importer::import_pair(const tflite::Operator& op, Operator kind, Activation activation) {
    Node node;
    node.operation = kind;
    node.inputs = {known(input_of(op, 0, 2)), known(input_of(op, 1, 2))};
    set_activation(node, activation);
    finish(op, std::move(node));
}

void Importer::import_single(const tflite::Operator& op, Operator kind, Activation activation) {
    Node node;
    node.operation = kind;
    node.inputs = {known(input_of(op, 0, 1))};
    set_activation(node, activation);
    finish(op, std::move(node));
}

}  // namespace

Graph import_tflite(std::span<const std::byte> file, std::span<const std::string> outputs) {
    Graph graph = Importer(file).run(outputs);
    check(graph);
    return graph;
}

}  // namespace scrim
