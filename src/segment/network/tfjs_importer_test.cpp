#include "segment/network/tfjs_importer.h"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "segment/network/passes.h"
#include "segment/network/tfjs_small_model.h"

namespace scrim {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Json = nlohmann::json;

const TfjsRequest request{17, 33, {"result"}};  // what the small model can give

std::string error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& e) {
        return e.what();
    }
    return "no error";
}

std::string error_of(const TfjsMaker& maker, const TfjsRequest& wanted = request) {
    return error_of([&] { maker.import(wanted); });
}

/// Of the model whose JSON was changed.
std::string error_after(const std::function<void(Json&)>& change) {
    const TfjsMaker maker = small_model();
    Json json = maker.json();
    change(json);
    return error_of([&] {
        import_tfjs(TfjsMaker::bytes_of(json.dump()), TfjsMaker::reader(maker.files()), request);
    });
}

Json& node(Json& json, const std::string& name) {
    for (Json& entry : json["modelTopology"]["node"])
        if (entry["name"] == name) return entry;
    throw std::logic_error("no node " + name);
}

Json& weight(Json& json, const std::string& name) {
    for (Json& entry : json["weightsManifest"][0]["weights"])
        if (entry["name"] == name) return entry;
    throw std::logic_error("no weight " + name);
}

TEST(TfjsImporter, ReadsWhatTheOutputsNeed) {
    Graph graph = small_model().import(request);
    EXPECT_EQ(graph.nodes.size(), 8U);
    simplify(graph);
    // Bias and limits, and the batch normalisation, have gone into the convolutions.
    EXPECT_EQ(graph.nodes.size(), 5U);
    EXPECT_EQ(graph.tensors[static_cast<std::size_t>(graph.outputs.at(0))].shape,
              (Shape{1, 9, 17, 1}));
}

TEST(TfjsImporter, OutputsComeInTheOrderOfTheRequest) {
    const Graph graph = small_model().import({9, 9, {"sum", "result", "pool"}});
    ASSERT_EQ(graph.outputs.size(), 3U);
    EXPECT_EQ(graph.tensors[static_cast<std::size_t>(graph.outputs[2])].name, "pool");
}

TEST(TfjsImporter, NamesTheNodeAndTheOperatorThatItDoesNotKnow) {
    EXPECT_EQ(error_of(small_model(), {17, 33, {"unknown"}}),
              "node 'unknown' (Quux): this operator is not supported");
    EXPECT_THAT(error_after([](Json& json) {
                    node(json, "conv")["attr"]["data_format"] = TfjsMaker::text("NCHW");
                }),
                AllOf(HasSubstr("node 'conv' (Conv2D)"), HasSubstr("NCHW")));
}

TEST(TfjsImporter, RefusesOutputsThatAreNotThere) {
    EXPECT_THAT(error_of(small_model(), {17, 33, {"float_segments"}}),
                HasSubstr("no node 'float_segments'"));
    EXPECT_THAT(error_of(small_model(), {17, 33, {"w"}}), HasSubstr("'w' is constant"));
    EXPECT_THAT(error_of(small_model(), {17, 33, {}}), HasSubstr("no "));
    EXPECT_THAT(error_of(small_model(), {17, 33, {"result", "result"}}), HasSubstr("twice"));
    EXPECT_THAT(error_of(small_model(), {17, 33, {"picture"}}), HasSubstr("no nodes"));
}

TEST(TfjsImporter, RefusesSizesThatTheNetworkDoesNotTake) {
    TfjsMaker maker;
    maker.input({1, 257, 257, 3});
    maker.node("result", "Relu", {"picture"});
    EXPECT_EQ(error_of(maker, {257, 257, {"result"}}), "no error");
    EXPECT_THAT(error_of(maker), HasSubstr("does not take pictures of 1x17x33x3"));
    for (const int side : {0, -1, 1 << 30})
        EXPECT_THAT(error_of(small_model(), {side, 33, {"result"}}), HasSubstr("makes no sense"));
}

TEST(TfjsImporter, RefusesWhatIsNoModel) {
    const auto error = [](const std::string& text) {
        return error_of(
            [&] { import_tfjs(TfjsMaker::bytes_of(text), TfjsMaker::reader({}), request); });
    };
    EXPECT_THAT(error(""), HasSubstr("no JSON"));
    EXPECT_THAT(error("{\"a\": 1"), HasSubstr("no JSON, or damaged, at byte 8"));
    EXPECT_THAT(error("{\"a\": 1e999}"), HasSubstr("too large"));
    EXPECT_THAT(error("[]"), HasSubstr("not a TensorFlow.js graph model"));
    EXPECT_THAT(error("{\"modelTopology\": {\"model_config\": {}}}"),
                HasSubstr("not a TensorFlow.js graph model"));
    EXPECT_THAT(error(std::string(100'000, '[')), HasSubstr("nested too deeply"));
    EXPECT_THAT(error(std::string(5 << 20, ' ')), HasSubstr("larger than 4 MiB"));
}

TEST(TfjsImporter, RefusesCyclesAndNodesThatAreThereTwice) {
    EXPECT_THAT(error_after([](Json& json) { node(json, "conv")["input"][0] = "limited"; }),
                HasSubstr("waits for its own result"));
    EXPECT_THAT(error_after([](Json& json) { node(json, "conv")["input"][0] = "conv"; }),
                HasSubstr("node 'conv' waits for its own result"));
    EXPECT_THAT(error_after([](Json& json) { node(json, "sum")["name"] = "pool"; }),
                HasSubstr("'pool' is there twice"));
    EXPECT_THAT(error_after([](Json& json) { node(json, "sum")["input"][1] = "nobody"; }),
                HasSubstr("no node 'nobody', which sum read"));
    EXPECT_THAT(error_after([](Json& json) { node(json, "sum")["input"][1] = "pool:1"; }),
                HasSubstr("only the first result"));
    // A chain as long as a file can have must not exhaust the stack.
    TfjsMaker maker;
    std::string last = maker.input();
    for (int i = 0; i < 16'000; ++i)
        last = maker.node("n" + std::to_string(i), "Identity", {last});
    maker.node("result", "Relu", {last});
    EXPECT_EQ(error_of(maker), "no error");
}

TEST(TfjsImporter, RefusesWeightsThatAreNotWhatTheListSays) {
    TfjsMaker maker = small_model();
    maker.bytes.pop_back();
    EXPECT_THAT(error_of(maker), HasSubstr("the weight files end before 'o'"));
    maker.bytes.resize(maker.bytes.size() + 2);
    EXPECT_THAT(error_of(maker), HasSubstr("bytes instead of"));

    const auto change = [](const std::string& name, const char* key, const Json& value) {
        return error_after([&](Json& json) { weight(json, name)[key] = value; });
    };
    EXPECT_THAT(change("b", "shape", {-8}), HasSubstr("'b' have a side of -8"));
    EXPECT_THAT(change("b", "shape", {0}), HasSubstr("'b' have a side of 0"));
    EXPECT_THAT(change("b", "shape", {1 << 30, 1 << 30, 1 << 30}), HasSubstr("too large"));
    EXPECT_THAT(change("b", "shape", "8"), HasSubstr("no list \"shape\""));
    EXPECT_THAT(change("b", "shape", {8.5}), HasSubstr("whole number"));
    EXPECT_THAT(change("b", "shape", {2, 4}), HasSubstr("8 numbers is neither"));
    EXPECT_THAT(change("b", "dtype", "string"), HasSubstr("type \"string\""));
    EXPECT_THAT(change("b", "dtype", 7), HasSubstr("\"dtype\" is missing"));
    EXPECT_THAT(change("b", "name", "mean"), HasSubstr("'mean' are there twice"));
    EXPECT_THAT(change("b", "name", "other"), HasSubstr("its weights are in no file"));
}

TEST(TfjsImporter, RefusesQuantisationsThatGiveNoNumbers) {
    const auto change = [](const char* key, const Json& value) {
        return error_after([&](Json& json) { weight(json, "w")["quantization"][key] = value; });
    };
    EXPECT_THAT(change("scale", nullptr), HasSubstr("where a number should be"));
    EXPECT_THAT(change("scale", "NaN"), HasSubstr("where a number should be"));
    EXPECT_THAT(change("scale", 1e300), HasSubstr("no number"));
    EXPECT_THAT(change("min", 1e39), HasSubstr("no number"));
    EXPECT_THAT(change("dtype", "uint4"), HasSubstr("type \"uint4\""));
    EXPECT_THAT(error_after([](Json& json) { weight(json, "w")["quantization"] = 5; }),
                HasSubstr("\"dtype\" is missing"));

    TfjsMaker maker = small_model();
    const float nan = std::nanf("");
    std::memcpy(maker.bytes.data() + maker.bytes.size() - sizeof(nan), &nan, sizeof(nan));
    EXPECT_THAT(error_of(maker), AllOf(HasSubstr("node 'o' (Const)"), HasSubstr("no number")));
}

TEST(TfjsImporter, RefusesWeightFilesThatAreMissingOrElsewhere) {
    const auto change = [](const std::string& name) {
        return error_after([&](Json& json) { json["weightsManifest"][0]["paths"][1] = name; });
    };
    EXPECT_THAT(change("group1-shard2of2.bin"), HasSubstr("no file 'group1-shard2of2.bin'"));
    for (const char* name : {"", ".", "..", "../secret", "/etc/passwd", "a/b", "a\\b"})
        EXPECT_THAT(change(name), HasSubstr("is not the name of a weight file")) << name;
    EXPECT_THAT(change(std::string("a\0b", 3)), HasSubstr("is not the name of a weight file"));
    EXPECT_THAT(error_after([](Json& json) { json.erase("weightsManifest"); }),
                HasSubstr("no list \"weightsManifest\""));
}

TEST(TfjsImporter, RefusesStrangeOptions) {
    const auto change = [](const std::string& name, const char* key, const Json& value) {
        return error_after([&](Json& json) { node(json, name)["attr"][key] = value; });
    };
    for (const int bad : {0, -1, 1 << 30, -(1 << 30)}) {
        EXPECT_THAT(change("conv", "strides", TfjsMaker::list({1, bad, 1, 1})), HasSubstr("stride"))
            << bad;
        EXPECT_THAT(change("conv", "dilations", TfjsMaker::list({1, 1, bad, 1})),
                    HasSubstr("dilation"))
            << bad;
    }
    EXPECT_THAT(change("conv", "strides", TfjsMaker::list({1, 2})), HasSubstr("2 numbers"));
    EXPECT_THAT(change("conv", "padding", TfjsMaker::text("FULL")), HasSubstr("padding FULL"));
    EXPECT_THAT(change("conv", "padding", {{"s", "!"}}), HasSubstr("text is damaged"));
    EXPECT_THAT(change("conv", "padding", TfjsMaker::text("EXPLICIT")),
                HasSubstr("explicit paddings are missing"));
    EXPECT_THAT(change("norm", "is_training", {{"b", true}}), HasSubstr("trained"));
    EXPECT_THAT(change("norm", "epsilon", {{"f", -10}}), HasSubstr("not a number"));
    EXPECT_THAT(change("pool", "ksize", TfjsMaker::list({1, 100, 100, 1})), HasSubstr("kernel"));
}

}  // namespace
}  // namespace scrim
