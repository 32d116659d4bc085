#include "segment/bodypix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frame/convert.h"
#include "frame/mat.h"
#include "frame/picture.h"
#include "segment/mask.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const fs::path shared = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared";

TEST(BodyPixGeometry, InputSidesAreMultiplesOfTheStridePlusOne) {
    EXPECT_EQ(bodypix_input_side(1280, 0.5, 16), 641);
    EXPECT_EQ(bodypix_input_side(720, 0.5, 16), 353);
    EXPECT_EQ(bodypix_input_side(480, 1.0, 32), 481);
    EXPECT_EQ(bodypix_input_side(160, 0.7, 16), 113);  // 0.7 * 160 is a little less than 112
    EXPECT_EQ(bodypix_input_side(1, 0.5, 8), 1);
}

TEST(BodyPixGeometry, PointsOfTheGridLieOnPixels) {
    std::mt19937 random(1);
    std::uniform_real_distribution<float> number(-6, 6);
    for (const auto& [rows, columns, stride] :
         {std::array{1, 1, 16}, {1, 4, 8}, {5, 1, 16}, {4, 7, 16}, {9, 6, 8}, {3, 3, 32}}) {
        std::vector<float> grid(static_cast<std::size_t>(rows * columns));
        for (float& value : grid)
            value = number(random);
        const auto at = [&, c = columns](int y, int x) {
            const std::size_t row = static_cast<std::size_t>(y) * static_cast<std::size_t>(c);
            return double{grid[row + static_cast<std::size_t>(x)]};
        };
        const Plane score = score_of_grid(grid, rows, columns, stride);
        ASSERT_EQ(score.width(), (columns - 1) * stride + 1);
        ASSERT_EQ(score.height(), (rows - 1) * stride + 1);
        for (int y = 0; y < score.height(); ++y) {
            for (int x = 0; x < score.width(); ++x) {
                const int y0 = y / stride;
                const int x0 = x / stride;
                const int y1 = std::min(y0 + 1, rows - 1);
                const int x1 = std::min(x0 + 1, columns - 1);
                const double wy = static_cast<double>(y % stride) / stride;
                const double wx = static_cast<double>(x % stride) / stride;
                const double upper = at(y0, x0) * (1 - wx) + at(y0, x1) * wx;
                const double lower = at(y1, x0) * (1 - wx) + at(y1, x1) * wx;
                const double logit = upper * (1 - wy) + lower * wy;
                ASSERT_NEAR(score.row(y)[x], 255 / (1 + std::exp(-logit)), 0.6)
                    << x << "," << y << " of " << rows << "x" << columns;
            }
        }
    }
}

TEST(BodyPixGeometry, WhatIsNotANumberIsNobody) {
    const std::vector<float> grid{std::nanf(""), std::nanf(""), 100, -1000};
    const Plane score = score_of_grid(grid, 2, 2, 8);
    EXPECT_EQ(score.row(0)[0], 0);
    EXPECT_EQ(score.row(8)[0], 255);
    EXPECT_EQ(score.row(8)[8], 0);
}

TEST(BodyPixFilesNames, FloatsComeFirst) {
    Config config;
    config.multiplier = 0.75;
    config.stride = 8;
    EXPECT_THAT(
        bodypix_files(BodyPixKind::mobilenet, config),
        ElementsAre("bodypix_float075/model-stride8.json", "bodypix_quant2_075/model-stride8.json",
                    "bodypix_quant1_075/model-stride8.json"));
    config.stride = 32;
    EXPECT_EQ(bodypix_files(BodyPixKind::resnet50, config).front(),
              "bodypix_resnet50_float/model-stride32.json");
}

Frame frame_of(const Picture& picture) {
    return from_rgba(picture.rgba.data(), 4 * picture.width, picture.width, picture.height, {});
}

/// With the networks of the shared folder, and no others.
class BodyPix : public testing::Test {
  protected:
    void SetUp() override {
        if (const char* path = std::getenv("SCRIM_MODEL_PATH")) before_ = path;
        setenv("SCRIM_MODEL_PATH", (shared / "models").c_str(), 1);
    }
    void TearDown() override {
        if (before_.empty()) {
            unsetenv("SCRIM_MODEL_PATH");
        } else {
            setenv("SCRIM_MODEL_PATH", before_.c_str(), 1);
        }
    }
    static bool networks() { return fs::exists(shared / "models" / "bodypix_float050"); }

    static std::string error_of(BodyPixKind kind, const Config& config) {
        try {
            open_bodypix(kind, config, 640, 480, {.mask = true});
        } catch (const Error& e) {
            return e.what();
        }
        return "no error";
    }

    std::string before_;
};

TEST_F(BodyPix, SaysWhichFilesAreMissingAndWhereTheyWereLookedFor) {
    Config config;
    config.multiplier = 0.25;
    EXPECT_THAT(error_of(BodyPixKind::mobilenet, config),
                AllOf(HasSubstr("MobileNet 0.25, stride 16"),
                      HasSubstr("bodypix_float025/model-stride16.json"),
                      HasSubstr("bodypix_quant1_025"), HasSubstr((shared / "models").string()),
                      HasSubstr("`scrim models pull mobilenet-025-stride16`")));
    EXPECT_THAT(error_of(BodyPixKind::resnet50, {}), HasSubstr("bodypix_resnet50_float"));
    config.stride = 32;
    EXPECT_EQ(error_of(BodyPixKind::mobilenet, config),
              "stride: mobilenet has a stride of 8 or 16, not 32");
}

TEST_F(BodyPix, ScoresCoverFramesOfAnySize) {
    if (!networks()) GTEST_SKIP() << "no networks in " << shared;
    Config config;
    for (const auto& [w, h] :
         {std::pair{1, 1}, {3, 5}, {1, 300}, {127, 63}, {641, 361}, {4096, 2160}}) {
        config.internal_resolution = w > 1000 ? 0.1 : 0.5;
        const auto segmenter = open_bodypix(BodyPixKind::mobilenet, config, w, h, {.mask = true});
        EXPECT_TRUE(segmenter->hard());
        Frame frame = solid_frame(w, h, {}, {128, 128, 128});
        frame.sequence = 42;
        const Score score = segmenter->segment(frame);
        EXPECT_EQ(score.plane.width(), bodypix_input_side(w, config.internal_resolution, 16));
        EXPECT_EQ(score.plane.height(), bodypix_input_side(h, config.internal_resolution, 16));
        EXPECT_EQ(score.sequence, 42U);
    }
    const auto segmenter = open_bodypix(BodyPixKind::mobilenet, config, 64, 64, {.mask = true});
    EXPECT_THROW(segmenter->segment(Frame()), Error);
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

/// Of the pictures in the shared folder, at a threshold of 0.7.
double mean_overlap(Config config, std::istream& manifest) {
    config.average_masks = 1;
    config.segmentation_threshold = 0.7;
    double sum = 0;
    int count = 0;
    for (std::string line; std::getline(manifest, line);) {
        std::string name, kind;
        std::istringstream(line) >> name >> kind;
        const fs::path truth = shared / "footage" / "masks" / (name + ".png");
        if (kind != "image" || !fs::exists(truth)) continue;
        const Frame frame = frame_of(read_picture(shared / "footage" / "images" / (name + ".jpg")));
        const auto segmenter = open_bodypix(BodyPixKind::mobilenet, config, frame.width(),
                                            frame.height(), {.mask = true});
        MaskRefiner refiner(config, segmenter->hard(), frame.width(), frame.height());
        sum += overlap(refiner.refine(segmenter->segment(frame).plane), read_gray_picture(truth));
        ++count;
    }
    return count == 0 ? 0 : sum / count;
}

TEST(BodyPixParts, TheLikeliestPartHasIt) {
    std::mt19937 random(7);
    std::uniform_real_distribution<float> number(-6, 6);
    const PartSet set = parts_named("torso").value() | parts_named("face").value();
    std::vector<float> grid(50 * set.size());
    std::generate(grid.begin(), grid.end(), [&] { return number(random); });
    grid[3] = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> lead = lead_of_parts(grid, set);
    ASSERT_EQ(lead.size(), 50U);
    for (std::size_t i = 0; i < lead.size(); ++i) {
        std::size_t best = i == 0 ? 4 : 0;
        for (std::size_t part = 0; part < set.size(); ++part) {
            const float value = grid[i * set.size() + part];
            if (value > grid[i * set.size() + best]) best = part;
        }
        EXPECT_EQ(lead[i] > 0, set[best]) << i;
    }
    for (const float all : lead_of_parts(grid, PartSet().set()))
        EXPECT_GT(all, 100) << "there are no others";
}

/// Of a picture with a whole person: what is asked for, and nothing else.
TEST_F(BodyPix, GivesPartsAndKeypointsOnRequest) {
    const fs::path portrait = shared / "reference-network" / "bodypix_float050_stride16_257";
    if (!networks() || !fs::exists(portrait)) GTEST_SKIP() << "no networks in " << shared;
    const Frame frame = frame_of(read_picture(portrait / "input.png"));
    Config config;
    config.internal_resolution = 1;
    const PartSet face = parts_named("face").value();
    const PersonNeeds needs{
        .mask = true, .parts = {face, ~face}, .keypoints = KeypointSet().set(left_eye)};
    const auto segmenter =
        open_bodypix(BodyPixKind::mobilenet, config, frame.width(), frame.height(), needs);
    const Score score = segmenter->segment(frame);
    ASSERT_EQ(score.parts.size(), 2U);
    EXPECT_FALSE(score.heatmaps[left_eye].empty());
    EXPECT_TRUE(score.heatmaps[right_eye].empty());
    int face_pixels = 0;
    for (int y = 0; y < score.plane.height(); ++y) {
        for (int x = 0; x < score.plane.width(); ++x) {
            const int is_face = score.parts[0].row(y)[x];
            EXPECT_NEAR(is_face + score.parts[1].row(y)[x], 255, 1);
            face_pixels += is_face > 127 && score.plane.row(y)[x] > 127 ? 1 : 0;
        }
    }
    EXPECT_GT(face_pixels, 300);
    double most = 0;
    cv::Point eye;
    cv::minMaxLoc(mat_of(std::as_const(score.heatmaps[left_eye])), nullptr, &most, nullptr, &eye);
    EXPECT_GT(most, 127);
    EXPECT_GT(score.parts[0].row(eye.y)[eye.x], 127) << "the eye is not in the face";
}

TEST_F(BodyPix, FindsThePersonInPictures) {
    std::ifstream manifest(shared / "footage" / "MANIFEST.tsv");
    if (!manifest || !networks()) GTEST_SKIP() << "no footage or networks in " << shared;
    const double iou = mean_overlap({}, manifest);
    EXPECT_GE(iou, 0.80);
    RecordProperty("mean_iou", std::to_string(iou));
}

}  // namespace
}  // namespace scrim
