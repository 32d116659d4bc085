#include "segment/mediapipe.h"

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "frame/convert.h"
#include "frame/picture.h"
#include "segment/mask.h"
#include "segment/model_files.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

const fs::path shared = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared";

class Selfie : public testing::Test {
  protected:
    void SetUp() override {
        for (const char* file :
             {"selfie_segmentation.tflite", "selfie_segmentation_landscape.tflite"}) {
            if (!find_model_file(file)) {
                GTEST_SKIP() << file << " is not installed (scripts/bootstrap does it)";
            }
        }
    }
};

Frame frame_of(const Picture& picture, ColorTags tags = {}) {
    return from_rgba(picture.rgba.data(), 4 * picture.width, picture.width, picture.height, tags);
}

TEST(SelfieKind, WideFramesTakeTheLandscapeNetwork) {
    EXPECT_EQ(selfie_kind_for(1280, 720), SelfieKind::landscape);
    EXPECT_EQ(selfie_kind_for(1366, 768), SelfieKind::landscape);
    EXPECT_EQ(selfie_kind_for(1280, 800), SelfieKind::landscape);
    EXPECT_EQ(selfie_kind_for(2560, 1080), SelfieKind::landscape);
    EXPECT_EQ(selfie_kind_for(640, 480), SelfieKind::square);
    EXPECT_EQ(selfie_kind_for(1280, 1024), SelfieKind::square);
    EXPECT_EQ(selfie_kind_for(720, 720), SelfieKind::square);
    EXPECT_EQ(selfie_kind_for(720, 1280), SelfieKind::square);
}

TEST_F(Selfie, ScoresCoverFramesOfAnySize) {
    const auto landscape = open_selfie(SelfieKind::landscape);
    const auto square = open_selfie(SelfieKind::square);
    EXPECT_FALSE(landscape->hard());
    for (const auto& [w, h] :
         {std::pair{1, 1}, {3, 5}, {1, 300}, {641, 361}, {256, 144}, {1280, 720}, {4096, 2160}}) {
        Frame frame = solid_frame(w, h, {}, {128, 128, 128});
        frame.sequence = 42;
        const Score wide = landscape->segment(frame);
        EXPECT_EQ(wide.plane.width(), 256);
        EXPECT_EQ(wide.plane.height(), 144);
        EXPECT_EQ(wide.sequence, 42U);
        const Score other = square->segment(frame);
        EXPECT_EQ(other.plane.width(), 256);
        EXPECT_EQ(other.plane.height(), 256);
        // Grey is nobody.
        EXPECT_LT(other.plane.row(128)[128], 128);
    }
    EXPECT_THROW(square->segment(Frame()), Error);
}

TEST_F(Selfie, ReadsColoursByTheFramesTags) {
    for (const auto& [kind, name] :
         {std::pair{SelfieKind::landscape, "selfie_segmentation_landscape"},
          {SelfieKind::square, "selfie_segmentation"}}) {
        const fs::path folder = shared / "reference-network" / name;
        if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
        const Picture picture = read_picture(folder / "input.png");
        std::ifstream stream(folder / "mask.f32", std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        std::vector<float> expected(bytes.size() / sizeof(float));
        std::memcpy(expected.data(), bytes.data(), bytes.size());

        const auto segmenter = open_selfie(kind);
        for (const Matrix matrix : {Matrix::bt601, Matrix::bt709}) {
            for (const Range range : {Range::limited, Range::full}) {
                const Score score = segmenter->segment(frame_of(picture, {matrix, range}));
                ASSERT_EQ(score.plane.width() * score.plane.height(),
                          static_cast<int>(expected.size()));
                double difference = 0;
                std::size_t i = 0;
                for (int y = 0; y < score.plane.height(); ++y) {
                    for (int x = 0; x < score.plane.width(); ++x) {
                        difference += std::abs(score.plane.row(y)[x] / 255.0 - expected[i++]);
                    }
                }
                // What is left comes from the chroma's half resolution.
                EXPECT_LT(difference / static_cast<double>(expected.size()), 0.01)
                    << name << " " << static_cast<int>(matrix) << static_cast<int>(range);
            }
        }
    }
}

double overlap(const Plane& mask, const Plane& truth) {
    double both = 0;
    double either = 0;
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            const bool found = mask.row(y)[x] > 127;
            const bool person = truth.row(y)[x] > 127;
            both += found && person ? 1 : 0;
            either += found || person ? 1 : 0;
        }
    }
    return either > 0 ? both / either : 1;
}

TEST_F(Selfie, FindsThePersonInPicturesOfCalls) {
    std::ifstream manifest(shared / "footage" / "MANIFEST.tsv");
    if (!manifest) GTEST_SKIP() << "no footage in " << shared;
    const auto landscape = open_selfie(SelfieKind::landscape);
    const auto square = open_selfie(SelfieKind::square);
    Config config;
    config.average_masks = 1;
    double sum = 0;
    int count = 0;
    for (std::string line; std::getline(manifest, line);) {
        std::string name, kind, split, webcam;
        std::istringstream(line) >> name >> kind >> split >> webcam;
        if (kind != "image" || webcam != "yes") continue;
        const Frame frame = frame_of(read_picture(shared / "footage" / "images" / (name + ".jpg")));
        const Plane truth = read_gray_picture(shared / "footage" / "masks" / (name + ".png"));
        const bool wide = selfie_kind_for(frame.width(), frame.height()) == SelfieKind::landscape;
        MaskRefiner refiner(config, false, frame.width(), frame.height());
        sum += overlap(refiner.refine((wide ? landscape : square)->segment(frame).plane), truth);
        ++count;
    }
    ASSERT_GT(count, 10);
    EXPECT_GT(sum / count, 0.945);
    RecordProperty("mean_iou", std::to_string(sum / count));
}

}  // namespace
}  // namespace scrim
