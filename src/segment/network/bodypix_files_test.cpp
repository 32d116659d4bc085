// BodyPix' files themselves: agreement with TensorFlow.js, and what happens when they are damaged.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "frame/picture.h"
#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/tfjs_importer.h"
#include "segment/network/xnnpack_network.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

const fs::path shared = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared";

struct Case {
    const char* folder;
    int stride;
    friend std::ostream& operator<<(std::ostream& out, const Case& c) {
        return out << c.folder << ", stride " << c.stride;
    }
};

class BodyPixFiles : public testing::TestWithParam<Case> {
  protected:
    void SetUp() override {
        folder_ = shared / "models" / GetParam().folder;
        model_ = "model-stride" + std::to_string(GetParam().stride) + ".json";
        if (!fs::exists(folder_ / model_)) GTEST_SKIP() << folder_ / model_ << " is not there";
    }

    Graph import(const TfjsRequest& request) const {
        return import_tfjs(
            read_model_file_at(folder_ / model_),
            [&](const std::string& name) { return read_model_file_at(folder_ / name); }, request);
    }

    fs::path folder_;
    std::string model_;
};

/// One of the results that TensorFlow.js gave.
struct Expected {
    std::string name;
    std::string shape;
    std::vector<float> data;
};

std::vector<Expected> read_expected(const fs::path& folder) {
    std::vector<Expected> all;
    std::ifstream list(folder / "outputs.tsv");
    std::string file;
    for (Expected e; list >> e.name >> e.shape >> file;) {
        std::ifstream stream(folder / file, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        e.data.resize(bytes.size() / sizeof(float));
        std::memcpy(e.data.data(), bytes.data(), e.data.size() * sizeof(float));
        all.push_back(e);
    }
    return all;
}

TEST_P(BodyPixFiles, AgreeWithTensorFlowJs) {
    const fs::path folder =
        shared / "reference-network" /
        (std::string(GetParam().folder) + "_stride" + std::to_string(GetParam().stride) + "_257");
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
    const Picture picture = read_picture(folder / "input.png");
    const std::vector<Expected> expected = read_expected(folder);
    ASSERT_EQ(expected.size(), 3U);
    TfjsRequest request{picture.height, picture.width, {}};
    for (const Expected& e : expected)
        request.outputs.push_back(e.name);
    for (const bool simple : {false, true}) {
        Graph graph = import(request);
        if (simple) simplify(graph);
        Network network(std::move(graph));
        for (std::size_t i = 0; i < network.input().size(); ++i) {
            network.input()[i] = static_cast<float>(picture.rgba[i / 3 * 4 + i % 3]) / 127.5F - 1;
        }
        network.run();
        ASSERT_EQ(network.output_count(), expected.size());
        for (std::size_t o = 0; o < expected.size(); ++o) {
            const Expected& e = expected[o];
            ASSERT_EQ(to_string(network.output_shape(o)), e.shape);
            ASSERT_EQ(network.output(o).size(), e.data.size());
            float worst = 0;
            for (std::size_t i = 0; i < e.data.size(); ++i)
                worst = std::max(worst, std::abs(network.output(o)[i] - e.data[i]));
            EXPECT_LT(worst, 1e-2F) << e.name << (simple ? ", simplified" : ", as it is");
        }
    }
}

TEST_P(BodyPixFiles, OnlyWhatIsAskedForIsComputed) {
    Graph graph = import({129, 257, {"float_segments"}});
    simplify(graph);
    check(graph);
    // The first convolution, thirteen pairs of a depthwise and a pointwise one, and the result:
    // biases and activations have gone into them.
    EXPECT_EQ(graph.nodes.size(), 28U);
    ASSERT_EQ(graph.outputs.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Google, BodyPixFiles,
                         testing::Values(Case{"bodypix_float050", 16}, Case{"bodypix_float050", 8},
                                         Case{"bodypix_quant1_050", 16},
                                         Case{"bodypix_quant1_100", 16},
                                         Case{"bodypix_quant2_075", 8}));

}  // namespace
}  // namespace scrim
