// Every example of config/examples, run as a user would: it is right, it does something to the
// picture, and says nothing.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "frame/picture.h"
#include "support/command.h"
#include "support/planes.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> examples() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(SCRIM_SOURCE_DIR "/config/examples")) {
        if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

class Example : public testing::TestWithParam<std::string> {
  protected:
    std::string file() const { return SCRIM_SOURCE_DIR "/config/examples/" + GetParam() + ".yaml"; }
    std::string text() const { return test::read_file(file()); }
    test::TemporaryFolder folder_;
};

constexpr int width = 640;
constexpr int height = 360;

/// Somebody in the middle third; on the left green to be keyed out, on the right something with
/// edges.
Frame camera_picture() {
    Frame frame = solid_frame(width, height, {}, yuv_of_rgb(0, 255, 0, {}));
    const Frame person = test::gradient_frame({width, height}, {}, 3);
    for (int y = 0; y < height; ++y) {
        std::uint8_t* const out = frame.y.writable_row(y);
        std::copy_n(person.y.row(y) + width / 3, width / 3, out + width / 3);
        for (int x = 2 * width / 3; x < width; ++x)
            out[x] = (x / 16 + y / 16) % 2 == 0 ? 60 : 180;
    }
    return frame;
}

Frame mask_picture() {
    Frame mask = solid_frame(width, height, {Matrix::bt601, Range::full}, {0, 128, 128});
    for (int y = height / 4; y < height; ++y)
        std::fill_n(mask.y.writable_row(y) + width / 3, width / 3, std::uint8_t{255});
    return mask;
}

TEST_P(Example, ChangesThePicture) {
    write_png(camera_picture(), folder_ / "camera.png");
    write_png(mask_picture(), folder_ / "mask.png");

    const auto finished =
        test::scrim({"render", folder_ / "camera.png", folder_ / "out.png", "--config", file(),
                     "--mask", folder_ / "mask.png", "--frames", "5"});
    ASSERT_EQ(finished.status, 0) << finished.errors;
    // A second camera is not there for sure: the example may say so.
    const bool second_camera = text().find("webcam") != std::string::npos;
    EXPECT_TRUE(second_camera || finished.errors.empty()) << finished.errors;
    const Picture in = read_picture(folder_ / "camera.png");
    const Picture out = read_picture(folder_ / "out.png");
    ASSERT_EQ(out.width, width);
    std::size_t changed = 0;
    for (std::size_t i = 0; i < in.rgba.size(); ++i) {
        if (std::abs(in.rgba[i] - out.rgba[i]) > 8) ++changed;
    }
    EXPECT_GT(changed, in.rgba.size() / 100);
}

TEST_P(Example, SaysWhatItIsAndHowToRunIt) {
    EXPECT_TRUE(text().starts_with("# ")) << "what it is";
    EXPECT_NE(text().find("#   scrim run --config " + GetParam() + ".yaml\n"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Config, Example, testing::ValuesIn(examples()), [](const auto& named) {
    std::string name = named.param;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

}  // namespace
}  // namespace scrim
