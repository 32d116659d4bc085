#pragma once

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "segment/network/tfjs_maker.h"

namespace scrim {

/// A convolution with bias and limits, a depthwise one, a batch normalisation, a pool and a sum,
/// and a node of an unknown operator that "result" does not need; in weights of three types and two
/// files.
inline TfjsMaker small_model() {
    std::mt19937 random(7);
    std::normal_distribution<float> number(0, 0.5);
    TfjsMaker maker;
    maker.shards = 2;
    const auto constant = [&](const std::string& name, const std::vector<int>& sides,
                              const std::string& type = "float32") {
        std::vector<float> data(1);
        for (const int side : sides)
            data.resize(data.size() * static_cast<std::size_t>(side));
        for (float& value : data)
            value = std::abs(number(random)) + 0.1F;
        return maker.constant(name, sides, data, type);
    };
    const TfjsMaker::Json options{{"strides", TfjsMaker::list({1, 2, 2, 1})},
                                  {"padding", TfjsMaker::text("SAME")},
                                  {"data_format", TfjsMaker::text("NHWC")}};
    const TfjsMaker::Json unit{{"strides", TfjsMaker::list({1, 1, 1, 1})},
                               {"dilations", TfjsMaker::list({1, 2, 2, 1})},
                               {"padding", TfjsMaker::text("SAME")}};
    maker.input();
    constant("w", {3, 3, 3, 8}, "uint8");
    constant("b", {8});
    maker.node("conv", "Conv2D", {"picture", "w"}, options);
    maker.node("biased", "BiasAdd", {"conv", "b"});
    maker.node("limited", "Relu6", {"biased"});
    constant("d", {3, 3, 8, 1}, "uint16");
    maker.node("depthwise", "DepthwiseConv2dNative", {"limited", "d"}, unit);
    for (const char* name : {"gamma", "beta", "mean", "variance"})
        constant(name, {8}, "float16");
    maker.node("norm", "FusedBatchNormV3", {"depthwise", "gamma", "beta", "mean", "variance"});
    maker.node("pool", "MaxPool", {"norm"},
               {{"ksize", TfjsMaker::list({1, 3, 3, 1})},
                {"strides", TfjsMaker::list({1, 1, 1, 1})},
                {"padding", TfjsMaker::text("SAME")}});
    maker.node("sum", "AddV2", {"pool", "limited"});
    constant("o", {1, 1, 8, 1});
    maker.node("result", "Conv2D", {"sum", "o"}, unit);
    maker.node("unknown", "Quux", {"sum"});
    return maker;
}

}  // namespace scrim
