#include "segment/network/tflite_importer.h"

#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "segment/network/tflite_maker.h"
#include "util/error.h"

namespace scrim {
namespace {

using reference::Array;
using testing::AllOf;
using testing::HasSubstr;
using tflite::BuiltinOperator;
using tflite::Padding;
using tflite::TensorType;

std::string error_of(const std::vector<std::byte>& file) {
    try {
        import_tflite(file);
    } catch (const Error& e) {
        return e.what();
    }
    return "no error";
}

/// A file with one convolution of an 8x8 picture of 3 channels by 3x3 weights to 2 channels, whose
/// parts can be spoilt one by one.
struct Convolution {
    Array weights{{2, 3, 3, 3}};
    Array bias{{1, 1, 1, 2}};
    Shape input{1, 8, 8, 3};
    Shape output{1, 4, 4, 2};
    TensorType type = TensorType::FLOAT32;
    Padding padding = Padding::SAME;
    int stride = 2;
    int dilation = 1;
    tflite::Activation activation = tflite::Activation::NONE;
    BuiltinOperator code = BuiltinOperator::CONV_2D;
    bool options = true;
    int version = 3;
    int graphs = 1;
    std::function<void(std::vector<int>&)> change_inputs = [](std::vector<int>&) {};

    std::vector<std::byte> file() const {
        TfliteMaker maker;
        const int in = maker.tensor(input, type);
        std::vector<int> inputs{in, maker.constant(weights), maker.constant(bias)};
        change_inputs(inputs);
        const int out = maker.tensor(output);
        if (options) {
            maker.operation(code, inputs, out,
                            tflite::CreateConv2DOptions(maker.builder(), padding, stride, stride,
                                                        activation, dilation, dilation));
        } else {
            maker.operation(code, inputs, out);
        }
        return maker.file(in, out, static_cast<unsigned>(version), graphs);
    }
    std::string error() const { return error_of(file()); }
};

TEST(TfliteImporter, ReadsAConvolution) {
    const Graph graph = import_tflite(Convolution{}.file());
    ASSERT_EQ(graph.nodes.size(), 1U);
    const Node& node = graph.nodes[0];
    EXPECT_EQ(node.operation, Operator::convolution);
    EXPECT_EQ(node.stride_height, 2);
    // SAME with an even side: the odd row of zeros comes after.
    EXPECT_EQ(node.pad_top, 0);
    EXPECT_EQ(node.pad_bottom, 1);
}

TEST(TfliteImporter, RefusesWhatIsNoNetwork) {
    EXPECT_EQ(error_of({}), "it is not a TensorFlow Lite network");
    EXPECT_EQ(error_of(std::vector<std::byte>(1000)), "it is not a TensorFlow Lite network");
    std::vector<std::byte> file = Convolution{}.file();
    file.resize(file.size() / 2);
    EXPECT_THAT(error_of(file), HasSubstr("damaged"));
}

TEST(TfliteImporter, RefusesOtherVersionsAndSeveralGraphs) {
    Convolution c;
    c.version = 4;
    EXPECT_THAT(c.error(), HasSubstr("version 4"));
    c = {};
    c.graphs = 2;
    EXPECT_THAT(c.error(), HasSubstr("more than one graph"));
    c.graphs = 0;
    EXPECT_THAT(c.error(), HasSubstr("no graph 0"));
}

TEST(TfliteImporter, NamesTheOperatorThatItDoesNotKnow) {
    Convolution c;
    c.code = static_cast<BuiltinOperator>(120);
    EXPECT_THAT(c.error(), AllOf(HasSubstr("operator 0"), HasSubstr("120"), HasSubstr("support")));
    c.code = BuiltinOperator::RESIZE_NEAREST_NEIGHBOR;
    EXPECT_THAT(c.error(), HasSubstr("operator 0 (RESIZE_NEAREST_NEIGHBOR)"));
    c.code = BuiltinOperator::CUSTOM;
    EXPECT_THAT(c.error(), HasSubstr("not supported"));
}

TEST(TfliteImporter, SaysAllThatItDoesNotKnowAtOnce) {
    TfliteMaker maker;
    const int a = maker.tensor({1, 2, 2, 1});
    const int b = maker.tensor({1, 2, 2, 1});
    const int c = maker.tensor({1, 2, 2, 1});
    const int d = maker.tensor({1, 2, 2, 1});
    maker.operation(BuiltinOperator::GELU, {a}, b);
    maker.operation(BuiltinOperator::RELU, {b}, c);
    maker.operation(BuiltinOperator::LOG, {c}, d);
    EXPECT_EQ(error_of(maker.file(a, d)),
              "operator 0 (GELU): this operator is not supported; "
              "operator 2 (LOG): this operator is not supported");
}

TEST(TfliteImporter, ImportsOnlyWhatTheNamedOutputsNeed) {
    TfliteMaker maker;
    const int a = maker.tensor({1, 2, 2, 1});
    const int b = maker.tensor({1, 2, 2, 1});
    const int c = maker.tensor({1, 2, 2, 1});
    maker.operation(BuiltinOperator::ABS, {a}, b);
    maker.operation(BuiltinOperator::GELU, {b}, c);
    const std::vector<std::byte> file = maker.file(a, c);
    const std::vector<std::string> names{"tensor1"};
    EXPECT_EQ(import_tflite(file, names).nodes.size(), 1U);
    const std::vector<std::string> unknown{"tensor7"};
    EXPECT_THROW(import_tflite(file, unknown), Error);
}

TEST(TfliteImporter, RefusesShapesThatDoNotFit) {
    Convolution c;
    c.output = {1, 8, 8, 2};
    EXPECT_THAT(c.error(), AllOf(HasSubstr("gives 1x4x4x2"), HasSubstr("says 1x8x8x2")));
    c = {};
    c.input = {1, 8, 8, 4};
    EXPECT_THAT(c.error(), HasSubstr("weights of 2x3x3x3 don't fit a picture of 1x8x8x4"));
    c = {};
    c.input = {2, 8, 8, 3};
    EXPECT_THAT(c.error(), HasSubstr("batch"));
    c = {};
    c.input = {1, -8, 8, 3};
    EXPECT_THAT(c.error(), HasSubstr("side of -8"));
    c = {};
    c.input = {1, 1 << 30, 1 << 30, 3};
    EXPECT_THAT(c.error(), HasSubstr("makes no sense"));
    c = {};
    c.bias = Array({1, 1, 1, 3});
    EXPECT_THAT(c.error(), HasSubstr("a bias of 1x1x1x3 for 2 channels"));
}

TEST(TfliteImporter, RefusesStrangeOptions) {
    for (const int bad : {0, -1, 1 << 30, -(1 << 30)}) {
        Convolution c;
        c.stride = bad;
        EXPECT_THAT(c.error(), HasSubstr("stride")) << bad;
        c = {};
        c.dilation = bad;
        EXPECT_THAT(c.error(), HasSubstr("dilation")) << bad;
    }
    Convolution c;
    c.padding = static_cast<Padding>(7);
    EXPECT_THAT(c.error(), HasSubstr("padding 7"));
    c = {};
    c.activation = static_cast<tflite::Activation>(4);
    EXPECT_THAT(c.error(), HasSubstr("activation 4"));
    c = {};
    c.options = false;
    EXPECT_THAT(c.error(), HasSubstr("options are missing"));
    c = {};
    c.padding = Padding::VALID;
    c.dilation = 5;
    EXPECT_THAT(c.error(), HasSubstr("does not fit into 8"));
}

TEST(TfliteImporter, RefusesInputsThatAreNotThere) {
    for (const int bad : {-1, 3, 1000, std::numeric_limits<int>::min()}) {
        for (const std::size_t position : {0U, 1U, 2U}) {
            Convolution c;
            c.change_inputs = [&](std::vector<int>& inputs) { inputs[position] = bad; };
            EXPECT_THAT(c.error(), HasSubstr("operator 0")) << bad << " at " << position;
        }
    }
    Convolution c;
    c.change_inputs = [](std::vector<int>& inputs) { inputs.pop_back(); };
    EXPECT_THAT(c.error(), HasSubstr("2 inputs instead of 3"));
    c.change_inputs = [](std::vector<int>& inputs) { inputs[1] = inputs[0]; };
    EXPECT_THAT(c.error(), HasSubstr("is not constant"));
    c.change_inputs = [](std::vector<int>& inputs) { inputs[0] = inputs[1]; };
    EXPECT_THAT(c.error(), HasSubstr("operator 0"));
}

TEST(TfliteImporter, RefusesConstantsThatAreNotNumbersOrNotAsLongAsTheirShape) {
    Convolution c;
    c.weights.data[5] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_THAT(c.error(), HasSubstr("not a number"));
    c = {};
    c.weights.data.pop_back();
    EXPECT_THAT(c.error(), HasSubstr("not what its shape says"));
    c = {};
    c.type = TensorType::FLOAT16;
    EXPECT_THAT(c.error(), HasSubstr("not of 32 bit floats"));
}

TEST(TfliteImporter, RefusesResultsThatAreUsedTwiceOrNever) {
    const auto two_nodes = [](auto fill) {
        TfliteMaker maker;
        const int a = maker.tensor({1, 2, 2, 1});
        const int b = maker.tensor({1, 2, 2, 1});
        const int c = maker.tensor({1, 2, 2, 1});
        return error_of(fill(maker, a, b, c));
    };
    constexpr auto swish = BuiltinOperator::HARD_SWISH;
    EXPECT_THAT(two_nodes([](auto& maker, int a, int b, int) {
                    maker.operation(swish, {a}, b);
                    maker.operation(swish, {a}, b);
                    return maker.file(a, b);
                }),
                HasSubstr("computed twice"));
    EXPECT_THAT(two_nodes([](auto& maker, int a, int b, int c) {
                    maker.operation(swish, {a}, b);
                    maker.operation(swish, {a}, c);
                    return maker.file(a, c);
                }),
                HasSubstr("for nothing"));
    EXPECT_THAT(two_nodes([](auto& maker, int a, int b, int c) {
                    maker.operation(swish, {b}, c);
                    maker.operation(swish, {a}, b);
                    return maker.file(a, c);
                }),
                HasSubstr("before it is computed"));
    EXPECT_THAT(two_nodes([](auto& maker, int a, int b, int) {
                    maker.operation(swish, {a}, b);
                    return maker.file(a, a);
                }),
                HasSubstr("no node computes the result"));
    EXPECT_THAT(two_nodes([](auto& maker, int a, int, int) { return maker.file(a, a); }),
                HasSubstr("no nodes"));
}

TEST(TfliteImporter, RefusesWhatItCannotDoYet) {
    const auto with = [](auto fill) {
        TfliteMaker maker;
        const int in = maker.tensor({1, 4, 4, 1});
        const int out = maker.tensor({1, 2, 2, 1});
        fill(maker, in, out);
        return error_of(maker.file(in, out));
    };
    EXPECT_THAT(with([](auto& maker, int in, int out) {
                    maker.operation(BuiltinOperator::MEAN, {in, in}, out,
                                    tflite::CreateReducerOptions(maker.builder(), true));
                }),
                HasSubstr("not a constant of whole numbers"));
    EXPECT_THAT(with([](auto& maker, int in, int out) {
                    maker.operation(BuiltinOperator::MEAN, {in, maker.numbers({1, 4})}, out,
                                    tflite::CreateReducerOptions(maker.builder(), true));
                }),
                HasSubstr("there is no axis 4"));
    EXPECT_THAT(with([](auto& maker, int in, int out) {
                    maker.operation(
                        BuiltinOperator::RESIZE_BILINEAR, {in, maker.numbers({2, 2})}, out,
                        tflite::CreateResizeBilinearOptions(maker.builder(), true, false));
                }),
                HasSubstr("half-pixel"));
    EXPECT_THAT(with([](auto& maker, int in, int out) {
                    maker.operation(
                        BuiltinOperator::RESIZE_BILINEAR, {in, maker.numbers({2, -2})}, out,
                        tflite::CreateResizeBilinearOptions(maker.builder(), false, true));
                }),
                HasSubstr("makes no sense"));
    EXPECT_THAT(with([](auto& maker, int in, int out) {
                    maker.custom("Convolution2DTransposeBias",
                                 {in, maker.constant(Array({1, 2, 2, 1})),
                                  maker.constant(Array({1, 1, 1, 1}))},
                                 out, {1, 3, 2});
                }),
                HasSubstr("stride of 2x3 with a kernel of 2x2"));
}

}  // namespace
}  // namespace scrim
