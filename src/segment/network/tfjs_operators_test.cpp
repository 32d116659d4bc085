// Every operator on its way from a TensorFlow.js model through the importer, the passes and
// XNNPACK, against its plain version, on random small shapes.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "segment/network/passes.h"
#include "segment/network/reference_operators.h"
#include "segment/network/tfjs_importer.h"
#include "segment/network/tfjs_maker.h"
#include "segment/network/xnnpack_network.h"

namespace scrim {
namespace {

using reference::Array;
using reference::Steps;
using Floats = std::vector<float>;

constexpr int rounds = 25;

class TfjsOperators : public testing::Test {
  protected:
    int between(int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random_);
    }
    bool coin() { return between(0, 1) == 1; }
    Array picture(int least = 1, int most = 9) {
        return reference::random_array({1, between(least, most), between(least, most), 3}, random_);
    }
    Floats floats(int count, float low = -2, float high = 2) {
        std::uniform_real_distribution<float> number(low, high);
        Floats result(static_cast<std::size_t>(count));
        for (float& value : result)
            value = number(random_);
        return result;
    }
    std::string any_type() {
        static const std::vector<std::string> types{"float32", "float16", "uint16", "uint8"};
        return types[static_cast<std::size_t>(between(0, 3))];
    }

    /// Constant weights of TensorFlow's order for the plain version's, and a name for them.
    std::string weights(TfjsMaker& maker, const std::string& name, Array& ours, bool depthwise) {
        const int outputs = ours.shape[0];
        const int height = ours.shape[1];
        const int width = ours.shape[2];
        const int inputs = ours.shape[3];
        const std::vector<int> sides{height, width, inputs, depthwise ? 1 : outputs};
        const auto theirs = [&](int y, int x, int i, int o) {
            const int index = ((y * width + x) * inputs + i) * sides[3] + o;
            return static_cast<std::size_t>(index);
        };
        Floats data(ours.data.size());
        const auto each_weight = [&](auto function) {
            for (int o = 0; o < outputs; ++o)
                for (int y = 0; y < height; ++y)
                    for (int x = 0; x < width; ++x)
                        for (int i = 0; i < inputs; ++i)
                            function(data[theirs(y, x, i, o)], ours.at(y, x, i, o));
        };
        each_weight([](float& to, float from) { to = from; });
        maker.constant(name, sides, data, any_type());
        each_weight([](float from, float& to) { to = from; });
        return name;
    }

    static Steps steps(int stride, int dilation, bool same) {
        return {stride, stride, dilation, dilation, same};
    }
    static TfjsMaker::Json attributes(const Steps& s) {
        return {{"strides", TfjsMaker::list({1, s.stride_h, s.stride_w, 1})},
                {"dilations", TfjsMaker::list({1, s.dilation_h, s.dilation_w, 1})},
                {"padding", TfjsMaker::text(s.same ? "SAME" : "VALID")}};
    }

    /// Imports and runs the model on the picture, both as it is and simplified.
    static void expect_result(TfjsMaker& maker, const Array& in,
                              const std::map<std::string, Array>& expected) {
        TfjsRequest request{in.shape[1], in.shape[2], {}};
        for (const auto& [name, _] : expected)
            request.outputs.push_back(name);
        for (const bool simple : {false, true}) {
            Graph graph = maker.import(request);
            if (simple) simplify(graph);
            Network network(std::move(graph));
            std::copy(in.data.begin(), in.data.end(), network.input().begin());
            network.run();
            for (std::size_t o = 0; o < request.outputs.size(); ++o) {
                const Array& want = expected.at(request.outputs[o]);
                ASSERT_EQ(network.output_shape(o), want.shape);
                for (std::size_t i = 0; i < want.data.size(); ++i) {
                    const float tolerance = 1e-4F * std::max(1.0F, std::abs(want.data[i]));
                    ASSERT_NEAR(network.output(o)[i], want.data[i], tolerance)
                        << request.outputs[o] << " at " << i << " of " << to_string(want.shape)
                        << (simple ? ", simplified" : "");
                }
            }
        }
    }
    static void expect_result(TfjsMaker& maker, const Array& in, const Array& expected) {
        expect_result(maker, in, std::map<std::string, Array>{{"result", expected}});
    }

    std::mt19937 random_{1};
};

TEST_F(TfjsOperators, ConvolutionsWithBiasAndActivation) {
    for (int round = 0; round < 3 * rounds; ++round) {
        const bool depthwise = coin();
        const Steps s{between(1, 3), between(1, 3), between(1, 2), between(1, 2), coin()};
        const Array in = picture(9, 20);
        const int channels = depthwise ? 3 : between(1, 20);
        Array weights_ = reference::random_array(
            {depthwise ? 1 : channels, between(1, 5), between(1, 5), 3}, random_);
        Array bias({1, 1, 1, channels});
        bias.data = floats(channels);
        TfjsMaker maker;
        maker.shards = between(1, 4);
        const std::string x = maker.input();
        const std::string w = weights(maker, "w", weights_, depthwise);
        const std::string b = maker.constant("b", {channels}, bias.data, any_type());
        const bool fused = coin();
        if (fused) {
            auto options = attributes(s);
            options["fused_ops"] = TfjsMaker::texts({"BiasAdd", "Relu6"});
            maker.node("result", depthwise ? "FusedDepthwiseConv2dNative" : "_FusedConv2D",
                       {x, w, b}, options);
        } else {
            maker.node("c", depthwise ? "DepthwiseConv2dNative" : "Conv2D", {x + ":0", w},
                       attributes(s));
            maker.node("biased", "BiasAdd", {"c", b});
            maker.node("result", "Relu6", {"biased", "^c"});
        }
        expect_result(maker, in,
                      each(convolution(in, weights_, bias, s, depthwise), reference::relu6));
    }
}

TEST_F(TfjsOperators, ArithmeticWithConstants) {
    struct Operation {
        std::string name;
        std::function<float(float, float)> function;
    };
    const std::vector<Operation> operations{
        {"Add", [](float a, float b) { return a + b; }},
        {"AddV2", [](float a, float b) { return a + b; }},
        {"Sub", [](float a, float b) { return a - b; }},
        {"Mul", [](float a, float b) { return a * b; }},
        {"RealDiv", [](float a, float b) { return a / b; }},
        {"Maximum", [](float a, float b) { return std::max(a, b); }},
        {"Minimum", [](float a, float b) { return std::min(a, b); }}};
    for (const Operation& operation : operations) {
        for (int round = 0; round < rounds; ++round) {
            const Array in = picture();
            const bool limit = operation.name.ends_with("imum");
            const bool one = limit || coin();
            const bool constant_first = operation.name != "RealDiv" && coin();
            Array constant({1, 1, 1, one ? 1 : 3});
            constant.data = floats(one ? 1 : 3, 0.5, 2);
            TfjsMaker maker;
            maker.input();
            maker.constant("k", one ? std::vector<int>{} : std::vector<int>{1, 1, 3},
                           constant.data);
            maker.node("result", operation.name,
                       constant_first ? std::vector<std::string>{"k", "picture"}
                                      : std::vector<std::string>{"picture", "k"});
            expect_result(maker, in,
                          constant_first ? pairwise(constant, in, operation.function)
                                         : pairwise(in, constant, operation.function));
            if (HasFatalFailure()) return;
        }
    }
}

TEST_F(TfjsOperators, BatchNormalisationInOneNodeAndInMany) {
    for (int round = 0; round < rounds; ++round) {
        const Array in = picture();
        Floats gamma = floats(3);
        Floats beta = floats(3);
        Floats mean = floats(3);
        Floats variance = floats(3, 0.1F, 2);
        const float epsilon = 0.001F;
        Floats scale(3);
        Floats shift(3);
        for (std::size_t c = 0; c < 3; ++c) {
            scale[c] = gamma[c] / std::sqrt(variance[c] + epsilon);
            shift[c] = beta[c] - mean[c] * scale[c];
        }
        TfjsMaker maker;
        const std::string x = maker.input();
        maker.constant("gamma", {3}, gamma);
        maker.constant("beta", {3}, beta);
        maker.constant("mean", {3}, mean);
        maker.constant("variance", {3}, variance);
        if (coin()) {
            maker.node("result", "FusedBatchNormV3", {x, "gamma", "beta", "mean", "variance"},
                       {{"epsilon", {{"f", epsilon}}}, {"is_training", {{"b", false}}}});
        } else {
            Floats one{epsilon};
            maker.constant("epsilon", {}, one);
            maker.node("v", "AddV2", {"variance", "epsilon"});
            maker.node("r", "Rsqrt", {"v"});
            maker.node("scale", "Mul", {"r", "gamma"});
            maker.node("scaled", "Mul", {x, "scale"});
            maker.node("m", "Mul", {"mean", "scale"});
            maker.node("shift", "Sub", {"beta", "m"});
            maker.node("result", "Add", {"scaled", "shift"});
        }
        expect_result(maker, in, reference::scaled(in, scale, shift));
    }
}

TEST_F(TfjsOperators, PairsOfPictures) {
    for (const auto& [name, function] : {std::pair<std::string, float (*)(float, float)>{
                                             "AddV2", [](float a, float b) { return a + b; }},
                                         {"Sub", [](float a, float b) { return a - b; }},
                                         {"Mul", [](float a, float b) { return a * b; }}}) {
        const Array in = picture();
        TfjsMaker maker;
        maker.input();
        maker.numbers("axes", {2}, {1, -2});
        maker.node("mean", "Mean", {"picture", "axes"}, {{"keep_dims", {{"b", true}}}});
        maker.node("s", "Sigmoid", {"picture"});
        maker.node("result", name, {"mean", "s"});
        expect_result(maker, in, pairwise(mean(in), each(in, reference::sigmoid), function));
    }
}

TEST_F(TfjsOperators, Pools) {
    for (int round = 0; round < rounds; ++round) {
        const Array in = picture(4, 20);
        const int kernel = between(1, 4);
        // Of a window of one element, every second is chosen.
        const Steps s = steps(kernel == 1 ? 2 : between(1, kernel), 1, coin());
        TfjsMaker maker;
        maker.input();
        auto options = attributes(s);
        options["ksize"] = TfjsMaker::list({1, kernel, kernel, 1});
        maker.node("result", "MaxPool", {"picture"}, options);
        expect_result(maker, in, max_pool(in, kernel, kernel, s));

        TfjsMaker whole;
        whole.input();
        whole.node("result", "AvgPool", {"picture"},
                   {{"ksize", TfjsMaker::list({1, in.shape[1], in.shape[2], 1})}});
        expect_result(whole, in, mean(in));
    }
}

TEST_F(TfjsOperators, PaddedInManyWays) {
    for (int round = 0; round < rounds; ++round) {
        const Array in = picture(5, 12);
        const std::vector<int> p{between(0, 3), between(0, 3), between(0, 3), between(0, 3)};
        const Array padded = pad(in, p[0], p[1], p[2], p[3]);
        const Steps s = steps(between(1, 2), between(1, 2), false);
        Array weights_ = reference::random_array({4, 2, 3, 3}, random_);
        const Array bias({1, 1, 1, 4});
        TfjsMaker maker;
        maker.input();
        weights(maker, "w", weights_, false);
        const bool padded_in_kernel = p[0] <= s.dilation_h && p[1] <= s.dilation_h &&
                                      p[2] <= 2 * s.dilation_w && p[3] <= 2 * s.dilation_w;
        if (coin() && padded_in_kernel) {
            auto options = attributes(s);
            options["padding"] = TfjsMaker::text("EXPLICIT");
            options["explicit_paddings"] = TfjsMaker::list({0, 0, p[0], p[1], p[2], p[3], 0, 0});
            maker.node("result", "Conv2D", {"picture", "w"}, options);
        } else {
            maker.numbers("p", {4, 2}, {0, 0, p[0], p[1], p[2], p[3], 0, 0});
            if (coin()) {
                maker.node("padded", "Pad", {"picture", "p"});
            } else {
                Floats zero{0};
                maker.constant("zero", {}, zero);
                maker.node("padded", "PadV2", {"picture", "p", "zero"});
            }
            maker.node("result", "Conv2D", {"padded", "w"}, attributes(s));
        }
        expect_result(maker, in, convolution(padded, weights_, bias, s, false));
    }
}

TEST_F(TfjsOperators, ResizeAndIdentity) {
    const Array in = picture();
    TfjsMaker maker;
    maker.input();
    maker.numbers("size", {2}, {17, 8});
    maker.node("same", "Identity", {"picture"});
    maker.node("result", "ResizeBilinear", {"same", "size"},
               {{"half_pixel_centers", {{"b", true}}}});
    expect_result(maker, in, resize(in, 17, 8));
}

/// A network in the manner of ResNet50: zeros around the picture, a large kernel with stride,
/// batch normalisation, pools, a dilated unit whose shortcut leaves pixels out, several results.
TEST_F(TfjsOperators, ResidualNetwork) {
    for (int round = 0; round < rounds; ++round) {
        const Array in = picture(33, 50);
        TfjsMaker maker;
        maker.shards = 3;
        std::string last = maker.input();
        Array now = in;
        const auto normalise = [&](const std::string& name, Array& array) {
            const int channels = array.shape[3];
            Floats gamma = floats(channels, 0.5, 1.5);
            Floats beta = floats(channels);
            Floats mean = floats(channels);
            Floats variance = floats(channels, 0.5, 2);
            Floats scale = gamma;
            Floats shift = beta;
            for (std::size_t c = 0; c < scale.size(); ++c) {
                scale[c] /= std::sqrt(variance[c] + 1e-4F);
                shift[c] -= mean[c] * scale[c];
            }
            maker.constant(name + "/g", {channels}, gamma);
            maker.constant(name + "/b", {channels}, beta);
            maker.constant(name + "/m", {channels}, mean);
            maker.constant(name + "/v", {channels}, variance);
            maker.node(name, "FusedBatchNormV3",
                       {name + "/c", name + "/g", name + "/b", name + "/m", name + "/v"});
            array = reference::scaled(array, scale, shift);
        };
        const auto convolve = [&](const std::string& name, const std::string& from,
                                  const Array& array, int channels, int kernel, const Steps& s) {
            Array w = reference::random_array({channels, kernel, kernel, array.shape[3]}, random_);
            for (float& value : w.data)
                value /= static_cast<float>(kernel * array.shape[3]);
            weights(maker, name + "/w", w, false);
            maker.node(name + "/c", "Conv2D", {from, name + "/w"}, attributes(s));
            Array result = convolution(array, w, Array({1, 1, 1, channels}), s, false);
            normalise(name, result);
            return result;
        };
        const auto rectify = [&](const std::string& name, const std::string& from, Array& array) {
            maker.node(name, "Relu", {from});
            array = each(array, reference::relu);
        };
        maker.numbers("p3", {4, 2}, {0, 0, 3, 3, 3, 3, 0, 0});
        maker.node("padded", "Pad", {last, "p3"});
        now = convolve("first", "padded", pad(in, 3, 3, 3, 3), 8, 7, steps(2, 1, false));
        const Array first = now;
        rectify("relu", "first", now);
        maker.node("pool", "MaxPool", {"relu"},
                   {{"ksize", TfjsMaker::list({1, 3, 3, 1})},
                    {"strides", TfjsMaker::list({1, 2, 2, 1})},
                    {"padding", TfjsMaker::text("SAME")}});
        now = max_pool(now, 3, 3, steps(2, 1, true));
        const Array before = now;
        now = convolve("narrow", "pool", now, 4, 1, steps(1, 1, true));
        rectify("narrow/r", "narrow", now);
        now = convolve("wide", "narrow/r", now, 4, 3, steps(2, 1, true));
        rectify("wide/r", "wide", now);
        now = convolve("out", "wide/r", now, 8, 3, steps(1, 2, true));
        maker.node("shortcut", "MaxPool", {"pool"},
                   {{"ksize", TfjsMaker::list({1, 1, 1, 1})},
                    {"strides", TfjsMaker::list({1, 2, 2, 1})},
                    {"padding", TfjsMaker::text("VALID")}});
        const Array shortcut = max_pool(before, 1, 1, steps(2, 1, false));
        maker.node("sum", "AddV2", {"shortcut", "out"});
        now = pairwise(shortcut, now, [](float a, float b) { return a + b; });
        const std::map<std::string, Array> expected{
            {"float_segments", convolve("float_segments", "sum", now, 1, 1, steps(1, 1, true))},
            // Read by others too: what comes after must not be merged into them.
            {"first", first},
            {"sum", now},
            {"parts", convolve("parts", "sum", now, 5, 1, steps(1, 1, true))}};
        expect_result(maker, in, expected);
        if (HasFatalFailure()) return;
    }
}

}  // namespace
}  // namespace scrim
