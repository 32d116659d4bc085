// Agreement with TensorFlow Lite and TensorFlow.js, by the names that the networks have for people.
#include "segment/raw_outputs.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "segment/network/reference_outputs.h"
#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

const fs::path shared = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared";

struct Case {
    const char* network;
    const char* folder;
    float tolerance;
    friend std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.network; }
};

class RawOutputs : public testing::TestWithParam<Case> {
  protected:
    void SetUp() override {
        folder_ = shared / "reference-network" / GetParam().folder;
        if (!fs::exists(folder_)) GTEST_SKIP() << folder_ << " is not there";
    }
    fs::path folder_;
};

TEST_P(RawOutputs, AreThoseOfOtherRuntimes) {
    const auto outputs = raw_outputs(Catalogue::built_in().at(GetParam().network),
                                     shared / "models", read_picture(folder_ / "input.png"));
    std::ifstream list(folder_ / "outputs.tsv");
    std::string name;
    std::string shape;
    std::string file;
    for (const RawOutput& output : outputs) {
        ASSERT_TRUE(list >> name >> shape >> file);
        EXPECT_EQ(output.name, name);
        EXPECT_EQ(to_string(output.shape), shape);
        const std::vector<float> expected = test::read_floats(folder_ / file);
        ASSERT_EQ(output.data.size(), expected.size());
        float worst = 0;
        for (std::size_t i = 0; i < expected.size(); ++i)
            worst = std::max(worst, std::abs(output.data[i] - expected[i]));
        EXPECT_LT(worst, GetParam().tolerance) << name;
    }
    EXPECT_FALSE(list >> name);
}

// Logits to 1e-2, probabilities to 1e-3.
INSTANTIATE_TEST_SUITE_P(
    Catalogue, RawOutputs,
    testing::Values(Case{"mobilenet-050-stride16", "bodypix_float050_stride16_257", 1e-2F},
                    Case{"mobilenet-050-stride8", "bodypix_float050_stride8_257", 1e-2F},
                    Case{"mobilenet-100-stride16-quant1", "bodypix_quant1_100_stride16_257", 1e-2F},
                    Case{"mediapipe-square", "selfie_segmentation", 1e-3F},
                    Case{"mediapipe-landscape", "selfie_segmentation_landscape", 1e-3F}));

TEST(RawOutputsOfAPicture, WithAnotherSizeAreRefused) {
    if (!fs::exists(shared / "models"))
        GTEST_SKIP() << shared / "models"
                     << " is not there";
    const Picture picture{20, 10, std::vector<std::uint8_t>(800)};
    try {
        raw_outputs(Catalogue::built_in().at("mediapipe-landscape"), shared / "models", picture);
        FAIL() << "no error";
    } catch (const Error& e) {
        EXPECT_STREQ(e.what(),
                     "mediapipe-landscape takes a picture of 256x144 pixels, and this one has "
                     "20x10");
    }
}

}  // namespace
}  // namespace scrim
