#include "segment/network/tfjs_importer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "segment/network/tfjs_builder.h"
#include "segment/network/tfjs_constants.h"
#include "segment/network/tfjs_file.h"
#include "segment/network/tfjs_operators.h"
#include "segment/network/tfjs_order.h"
#include "util/error.h"

namespace scrim {
namespace {

class Importer {
  public:
    Importer(std::span<const std::byte> model_json, const ReadWeightFile& read,
             const TfjsRequest& request)
        : request_(request),
          file_(model_json),
          weights_(file_.weights(), read),
          nodes_(computing_order(file_.nodes(), request.outputs)),
          builder_(nodes_, request.outputs) {}

    Graph run() {
        for (const TfjsNode* node : nodes_) {
            try {
                import(*node);
            } catch (const Error& e) {
                throw Error("node '{}' ({}): {}", TfjsFile::shown(node->name()),
                            TfjsFile::shown(node->operation()), e.what());
            }
            builder_.forget_inputs(*node);
        }
        return std::move(builder_).finish(request_.outputs);
    }

    using Import = void (Importer::*)(const TfjsNode&);
    static const std::map<std::string_view, Import>& operators();

  private:
    void import(const TfjsNode& node);
    bool import_folded(const TfjsNode& node);
    void import_placeholder(const TfjsNode& node);
    void import_identity(const TfjsNode& node) { builder_.give(node, builder_.input(node, 0)); }
    void import_convolution(const TfjsNode& node);
    void import_fused(const TfjsNode& node);
    void import_bias(const TfjsNode& node);
    void import_batch_norm(const TfjsNode& node);
    void import_pool(const TfjsNode& node);
    void import_mean(const TfjsNode& node);
    void import_pad(const TfjsNode& node);
    void import_resize(const TfjsNode& node);

    Node convolution(const TfjsNode& node);
    static std::pair<int, int> steps(const TfjsNode& node, const char* attribute);
    std::pair<int, int> dilations(const TfjsNode& node) const;
    void set_padding(const TfjsNode& from, Node& node, int kernel_height, int kernel_width) const;

    const TfjsRequest& request_;
    TfjsFile file_;
    TfjsWeights weights_;
    std::vector<const TfjsNode*> nodes_;
    TfjsBuilder builder_;
    bool picture_given_ = false;
};

const std::map<std::string_view, Importer::Import>& Importer::operators() {
    static const std::map<std::string_view, Import> operators{
        {"Placeholder", &Importer::import_placeholder},
        {"Identity", &Importer::import_identity},
        {"Conv2D", &Importer::import_convolution},
        {"DepthwiseConv2dNative", &Importer::import_convolution},
        {"_FusedConv2D", &Importer::import_fused},
        {"FusedDepthwiseConv2dNative", &Importer::import_fused},
        {"BiasAdd", &Importer::import_bias},
        {"FusedBatchNorm", &Importer::import_batch_norm},
        {"FusedBatchNormV2", &Importer::import_batch_norm},
        {"FusedBatchNormV3", &Importer::import_batch_norm},
        {"MaxPool", &Importer::import_pool},
        {"AvgPool", &Importer::import_pool},
        {"Mean", &Importer::import_mean},
        {"Pad", &Importer::import_pad},
        {"PadV2", &Importer::import_pad},
        {"ResizeBilinear", &Importer::import_resize},
    };
    return operators;
}

void Importer::import(const TfjsNode& node) {
    if (node.operation() == "Const") return builder_.give(node, weights_.decode(node.name()));
    if (import_folded(node)) return;
    const auto found = operators().find(node.operation());
    const TfjsImport elementwise = tfjs_elementwise_import(node.operation());
    if (found == operators().end() && elementwise == nullptr)
        throw Error("this operator is not supported");
    const std::string format = node.text("data_format", "NHWC");
    if (format != "NHWC") {
        throw Error("the order {} is not supported, only NHWC", TfjsFile::shown(format));
    }
    if (elementwise != nullptr) return elementwise(builder_, node);
    (this->*found->second)(node);
}

bool Importer::import_folded(const TfjsNode& node) {
    std::vector<const TfjsConstant*> constants;
    for (std::size_t i = 0; i < node.inputs().size(); ++i) {
        const TfjsBuilder::Value& value = builder_.input(node, i);
        if (!value.constant()) return false;
        constants.push_back(&value.numbers);
    }
    auto result = folded(node.operation(), constants);
    if (!result) return false;
    builder_.give(node, std::move(*result));
    return true;
}

void Importer::import_placeholder(const TfjsNode& node) {
    constexpr int colours = 3;
    const auto state = request_.states.find(node.name());
    if (state != request_.states.end()) return builder_.give_input(node, state->second);
    if (picture_given_) throw Error("the network has more than one input");
    picture_given_ = true;
    const Shape picture{1, request_.height, request_.width, colours};
    if (const auto sides = node.shape("shape")) {
        bool fits = sides->size() == picture.size();
        for (std::size_t i = 0; fits && i < picture.size(); ++i)
            fits = (*sides)[i] == -1 || (*sides)[i] == picture[i];
        if (!fits) throw Error("the network does not take pictures of {}", to_string(picture));
    }
    builder_.give_input(node, picture);
}

/// Of a list for batch, height, width and channels.
std::pair<int, int> Importer::steps(const TfjsNode& node, const char* attribute) {
    const std::vector<int> all = node.numbers(attribute);
    if (all.empty()) return {1, 1};
    // What is said of batch and channels is passed over, as TensorFlow.js does.
    if (all.size() != 4) throw Error("{} have {} numbers", attribute, all.size());
    return {all[1], all[2]};
}

std::pair<int, int> Importer::dilations(const TfjsNode& node) const {
    const std::vector<int> all = node.numbers("dilations");
    const bool misplaced = all.size() == 4 && all[0] > 1 && all[2] == 1 && all[3] == 1;
    if (request_.mend_dilations && misplaced) return {all[0], all[1]};
    return steps(node, "dilations");
}

void Importer::set_padding(const TfjsNode& from, Node& node, int kernel_height,
                           int kernel_width) const {
    if (std::min({node.stride_height, node.stride_width, node.dilation_height,
                  node.dilation_width}) < 1) {
        throw Error("a stride or dilation below 1");
    }
    const std::string padding = from.text("padding", "VALID");
    if (padding == "SAME") {
        pad_as_same(node, builder_.shape_of(node.inputs[0]), kernel_height, kernel_width);
    } else if (padding == "EXPLICIT") {
        const std::vector<int> zeros = from.numbers("explicit_paddings");
        if (zeros.size() != 8) throw Error("its explicit paddings are missing");
        node.pad_top = zeros[2];
        node.pad_bottom = zeros[3];
        node.pad_left = zeros[4];
        node.pad_right = zeros[5];
    } else if (padding != "VALID") {
        throw Error("padding {} is not supported", TfjsFile::shown(padding));
    }
}

/// TensorFlow has weights as height, width, inputs, outputs.
std::vector<float> outputs_first(const TfjsConstant& weights) {
    const auto outputs = static_cast<std::size_t>(weights.shape[3]);
    const std::size_t inner = weights.data.size() / outputs;
    std::vector<float> result(weights.data.size());
    for (std::size_t o = 0; o < outputs; ++o) {
        for (std::size_t i = 0; i < inner; ++i)
            result[o * inner + i] = weights.data[i * outputs + o];
    }
    return result;
}

/// A convolution with a bias of zero, plain or depthwise.
Node Importer::convolution(const TfjsNode& node) {
    const TfjsConstant& weights = builder_.constant(node, 1);
    if (weights.shape.size() != 4) throw Error("its weights have {} sides", weights.shape.size());
    const auto [height, width, inputs, outputs] =
        std::tuple{weights.shape[0], weights.shape[1], weights.shape[2], weights.shape[3]};
    const bool depthwise = node.operation().find("Depthwise") != std::string::npos;
    if (depthwise && outputs != 1) {
        throw Error("a channel multiplier of {} is not supported", outputs);
    }
    const Shape shape =
        depthwise ? Shape{1, height, width, inputs} : Shape{outputs, height, width, inputs};
    const auto channels = static_cast<std::size_t>(depthwise ? inputs : outputs);
    Node result;
    result.operation = depthwise ? Operator::depthwise_convolution : Operator::convolution;
    result.inputs = {builder_.computed(node, 0),
                     builder_.add_constant(TfjsFile::shown(node.inputs()[1]), shape,
                                           depthwise ? weights.data : outputs_first(weights)),
                     builder_.add_list("no bias", std::vector<float>(channels))};
    std::tie(result.stride_height, result.stride_width) = steps(node, "strides");
    std::tie(result.dilation_height, result.dilation_width) = dilations(node);
    set_padding(node, result, height, width);
    return result;
}

void Importer::import_convolution(const TfjsNode& node) {
    builder_.give(node, convolution(node));
}

void Importer::import_fused(const TfjsNode& node) {
    Node result = convolution(node);
    for (const std::string& step : node.texts("fused_ops")) {
        if (step == "BiasAdd") {
            std::vector<float>& bias = builder_.data_of(result.inputs[2]);
            bias = per_channel(builder_.constant(node, 2), static_cast<int>(bias.size()));
        } else if (step == "Relu" || step == "Relu6") {
            constexpr float most = 6.0F;
            result.min = 0;
            if (step == "Relu6") result.max = most;
        } else {
            throw Error("the fused operator {} is not supported", TfjsFile::shown(step));
        }
    }
    builder_.give(node, std::move(result));
}

void Importer::import_bias(const TfjsNode& node) {
    const int tensor = builder_.computed(node, 0);
    const int channels = builder_.shape_of(tensor)[3];
    builder_.give_scaled(node, tensor, std::vector<float>(static_cast<std::size_t>(channels), 1.0F),
                         per_channel(builder_.constant(node, 1), channels));
}

/// (x - mean) / sqrt(variance + epsilon) * scale + offset
void Importer::import_batch_norm(const TfjsNode& node) {
    if (node.flag("is_training", false)) throw Error("it is still to be trained");
    constexpr float usual_epsilon = 1e-4F;
    const float epsilon = node.number("epsilon", usual_epsilon);
    const int tensor = builder_.computed(node, 0);
    const int channels = builder_.shape_of(tensor)[3];
    std::vector<float> scale = per_channel(builder_.constant(node, 1), channels);
    std::vector<float> shift = per_channel(builder_.constant(node, 2), channels);
    const std::vector<float> mean = per_channel(builder_.constant(node, 3), channels);
    const std::vector<float> variance = per_channel(builder_.constant(node, 4), channels);
    for (std::size_t c = 0; c < scale.size(); ++c) {
        scale[c] /= std::sqrt(variance[c] + epsilon);
        shift[c] -= mean[c] * scale[c];
    }
    builder_.give_scaled(node, tensor, std::move(scale), std::move(shift));
}

void Importer::import_pool(const TfjsNode& node) {
    Node pool;
    pool.operation = node.operation() == "MaxPool" ? Operator::max_pool : Operator::average_pool;
    pool.inputs = {builder_.computed(node, 0)};
    std::tie(pool.height, pool.width) = steps(node, "ksize");
    std::tie(pool.stride_height, pool.stride_width) = steps(node, "strides");
    const Shape picture = builder_.shape_of(pool.inputs[0]);
    if (pool.operation == Operator::average_pool && node.text("padding", "VALID") == "VALID" &&
        pool.height == picture[1] && pool.width == picture[2]) {
        return builder_.give_single(node, Operator::mean);
    }
    if (pool.height == 1 && pool.width == 1) {
        // That is how ResNet leaves pixels out.
        const auto channels = static_cast<std::size_t>(picture[3]);
        return builder_.give_scaled(node, pool.inputs[0], std::vector<float>(channels, 1.0F),
                                    std::vector<float>(channels), pool.stride_height,
                                    pool.stride_width);
    }
    set_padding(node, pool, pool.height, pool.width);
    builder_.give(node, std::move(pool));
}

void Importer::import_mean(const TfjsNode& node) {
    std::set<int> axes;
    for (const int axis : whole_numbers(builder_.constant(node, 1), 2))
        axes.insert(axis < 0 ? axis + 4 : axis);
    if (axes != std::set<int>{1, 2} || !node.flag("keep_dims", false)) {
        throw Error("only the mean of the whole picture is supported");
    }
    builder_.give_single(node, Operator::mean);
}

void Importer::import_pad(const TfjsNode& node) {
    Node pad;
    pad.operation = Operator::pad;
    pad.inputs = {builder_.computed(node, 0)};
    const std::vector<int> sides = whole_numbers(builder_.constant(node, 1), 8);
    if (sides[0] != 0 || sides[1] != 0 || sides[6] != 0 || sides[7] != 0) {
        throw Error("only the height and width of a picture can be padded");
    }
    if (node.operation() == "PadV2" && single(builder_.constant(node, 2)) != 0) {
        throw Error("only zeros can be put around a picture");
    }
    pad.pad_top = sides[2];
    pad.pad_bottom = sides[3];
    pad.pad_left = sides[4];
    pad.pad_right = sides[5];
    builder_.give(node, std::move(pad));
}

void Importer::import_resize(const TfjsNode& node) {
    if (node.flag("align_corners", false) || !node.flag("half_pixel_centers", false)) {
        throw Error("only half-pixel centres are supported");
    }
    Node resize;
    resize.operation = Operator::resize;
    resize.inputs = {builder_.computed(node, 0)};
    const std::vector<int> size = whole_numbers(builder_.constant(node, 1), 2);
    resize.height = size[0];
    resize.width = size[1];
    builder_.give(node, std::move(resize));
}

}  // namespace

Graph import_tfjs(std::span<const std::byte> model_json, const ReadWeightFile& read,
                  const TfjsRequest& request) {
    Graph graph = Importer(model_json, read, request).run();
    check(graph);
    return graph;
}

bool tfjs_supports(std::string_view operation) {
    return operation == "Const" || Importer::operators().contains(operation) ||
           tfjs_elementwise_import(operation) != nullptr;
}

}  // namespace scrim
