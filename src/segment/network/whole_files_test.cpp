// Networks that need more operators than MediaPipe's selfie segmentation, whole.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "frame/picture.h"
#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/reference_outputs.h"
#include "segment/network/tflite_damage.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

const fs::path shared = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared";

TEST(WholeFiles, GoogleMeetsSegmentationAgreesWithTensorFlowLite) {
    const fs::path file = shared / "models" / "segm_full_v679.tflite";
    const fs::path folder = shared / "reference-network" / "segm_full_v679";
    if (!fs::exists(file) || !fs::exists(folder)) GTEST_SKIP() << file << " is not there";
    const Picture picture = read_picture(folder / "input.png");
    const std::vector<float> expected = test::read_floats(folder / "logits.f32");
    for (const bool simple : {false, true}) {
        Graph graph = import_tflite(read_model_file_at(file));
        if (simple) simplify(graph);
        Network network(std::move(graph));
        ASSERT_EQ(network.input_shape(), (Shape{1, picture.height, picture.width, 3}));
        ASSERT_EQ(network.output().size(), expected.size());
        for (std::size_t i = 0; i < network.input().size(); ++i)
            network.input()[i] = static_cast<float>(picture.rgba[i / 3 * 4 + i % 3]) / 255.0F;
        network.run();
        float worst = 0;
        for (std::size_t i = 0; i < expected.size(); ++i)
            worst = std::max(worst, std::abs(network.output()[i] - expected[i]));
        EXPECT_LT(worst, 1e-2F) << (simple ? "simplified" : "as it is");
        RecordProperty(simple ? "simplified" : "as_it_is", std::to_string(worst));
    }
}

TEST(WholeFiles, FaceDetectorsGiveTheirBoxesAndScores) {
    struct Expected {
        const char* name;
        int boxes;
    };
    for (const Expected& e : {Expected{"face_detection_short_range", 896},
                              Expected{"face_detection_full_range", 2304}}) {
        const fs::path file = shared / "models" / (std::string(e.name) + ".tflite");
        if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
        std::vector<std::vector<float>> results;
        for (const bool simple : {false, true}) {
            Graph graph = import_tflite(read_model_file_at(file));
            if (simple) simplify(graph);
            Network network(std::move(graph));
            ASSERT_EQ(network.output_count(), 2U);
            ASSERT_EQ(network.output_shape(0), (Shape{1, 1, e.boxes, 16}));
            ASSERT_EQ(network.output_shape(1), (Shape{1, 1, e.boxes, 1}));
            std::fill(network.input().begin(), network.input().end(), 0.25F);
            network.run();
            results.emplace_back(network.output(1).begin(), network.output(1).end());
        }
        for (std::size_t i = 0; i < results[0].size(); ++i)
            ASSERT_NEAR(results[0][i], results[1][i], 1e-3) << e.name;
    }
}

TEST(WholeFiles, DamagedFilesGiveAnErrorOrRun) {
    for (const char* name : {"segm_full_v679", "face_detection_short_range"}) {
        const fs::path file = shared / "models" / (std::string(name) + ".tflite");
        if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
        SCOPED_TRACE(name);
        expect_errors_or_runs(read_model_file_at(file), 500);
    }
}

}  // namespace
}  // namespace scrim
