// MediaPipe's files themselves: agreement with TensorFlow Lite, and what happens when they are
// damaged.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "frame/picture.h"
#include "segment/model_files.h"
#include "segment/network/memory_plan.h"
#include "segment/network/passes.h"
#include "segment/network/reference_outputs.h"
#include "segment/network/tflite_damage.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

const fs::path shared = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared";

class SelfieFiles : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        const std::string name = std::string(GetParam()) + ".tflite";
        const fs::path in_shared = shared / "models" / name;
        const auto path = fs::exists(in_shared) ? in_shared : find_model_file(name);
        if (!path) GTEST_SKIP() << name << " is not installed (scripts/bootstrap does it)";
        file_ = read_model_file_at(*path);
    }

    std::vector<std::byte> file_;
};

/// 1.8 MB for the landscape network, 3.3 MB for the square one; what lives at once is 4 % less.
TEST_P(SelfieFiles, NeedsLittleMemoryOnTheWay) {
    Graph graph = import_tflite(file_);
    simplify(graph);
    const auto input = elements(graph.tensors[static_cast<std::size_t>(graph.inputs[0])].shape);
    EXPECT_LE(static_cast<double>(plan_memory(graph).floats), 4.2 * static_cast<double>(input));
}

TEST_P(SelfieFiles, AgreesWithTensorFlowLite) {
    const fs::path folder = shared / "reference-network" / GetParam();
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
    const Picture picture = read_picture(folder / "input.png");
    const std::vector<float> expected = test::read_floats(folder / "mask.f32");
    for (const bool simple : {false, true}) {
        Graph graph = import_tflite(file_);
        if (simple) simplify(graph);
        Network network(std::move(graph));
        ASSERT_EQ(network.input_shape(), (Shape{1, picture.height, picture.width, 3}));
        ASSERT_EQ(network.output().size(), expected.size());
        for (std::size_t i = 0; i < network.input().size(); ++i) {
            network.input()[i] = static_cast<float>(picture.rgba[i / 3 * 4 + i % 3]) / 255.0F;
        }
        network.run();
        float worst = 0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            worst = std::max(worst, std::abs(network.output()[i] - expected[i]));
        }
        EXPECT_LT(worst, 1e-3F) << (simple ? "simplified" : "as it is");
    }
}

TEST_P(SelfieFiles, GetsSmallerBySimplifying) {
    Graph graph = import_tflite(file_);
    const std::size_t before = graph.nodes.size();
    simplify(graph);
    check(graph);
    EXPECT_LT(graph.nodes.size(), before);
    // Its three enlargements are each followed by a 1x1 convolution, which now comes first.
    for (std::size_t i = 1; i < graph.nodes.size(); ++i) {
        if (graph.nodes[i].operation != Operator::resize) continue;
        EXPECT_EQ(graph.nodes[i - 1].operation, Operator::convolution);
    }
}

TEST_P(SelfieFiles, DamagedFilesGiveAnErrorOrRun) {
    expect_errors_or_runs(file_, 1000);
}

INSTANTIATE_TEST_SUITE_P(Mediapipe, SelfieFiles,
                         testing::Values("selfie_segmentation", "selfie_segmentation_landscape"));

}  // namespace
}  // namespace scrim
