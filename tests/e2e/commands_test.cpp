#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frame/convert.h"
#include "frame/picture.h"
#include "support/command.h"
#include "support/media.h"
#include "support/planes.h"

namespace scrim {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::StartsWith;

class Commands : public testing::Test {
  protected:
    std::filesystem::path config(const std::string& text) const {
        test::write_file(folder_ / "config.yaml", text);
        return folder_ / "config.yaml";
    }
    test::TemporaryFolder folder_;
};

TEST_F(Commands, HelpTeachesEveryCommand) {
    const auto help = test::scrim({"--help"});
    EXPECT_EQ(help.status, 0);
    for (const std::string command :
         {"run", "top", "process", "render", "check", "bench", "devices", "doctor", "latency",
          "filters", "models", "config", "profile"}) {
        EXPECT_THAT(help.output, HasSubstr("  " + command));
        const auto its_own = test::scrim({command, "--help"});
        EXPECT_EQ(its_own.status, 0);
        EXPECT_THAT(its_own.output, HasSubstr("--help"));
    }
    EXPECT_EQ(test::scrim({}).output, help.output);
}

TEST_F(Commands, ACorrectConfigurationIsSaidToBe) {
    const auto path = config("layers:\n  - input: [grayscale]\n");
    const auto finished = test::scrim({"check", path});
    EXPECT_EQ(finished.status, 0);
    EXPECT_EQ(finished.output,
              path.string() + ": correct; 1 layer, no layer needs the person mask\n");
}

TEST_F(Commands, AllErrorsOfAConfigurationAtOnce) {
    const auto path = config(
        "widht: 1280\n"
        "average_masks: many\n"
        "layers:\n"
        "  - inptu: []\n"
        "  - foreground: [[\"blurr\", 10]]\n"
        "  - input: [[\"flip\", true, true, true]]\n"
        "  - empty: [[\"image\", \"missing.png\"]]\n");
    for (const std::string command : {"check", "run"}) {
        std::vector<std::string> arguments{command, "--config", path};
        const auto finished = test::scrim(arguments);
        EXPECT_EQ(finished.status, 2) << command;
        const std::string name = path.string();
        EXPECT_THAT(finished.errors, HasSubstr(name + ":1:1: widht: "));
        EXPECT_THAT(finished.errors, HasSubstr("did you mean \"width\"?"));
        EXPECT_THAT(finished.errors, HasSubstr(name + ":2:16: average_masks: "));
        EXPECT_THAT(finished.errors, HasSubstr("did you mean \"input\"?"));
        EXPECT_THAT(finished.errors, HasSubstr(name + ":5:19: layers[1].foreground[0]: "));
        EXPECT_THAT(finished.errors, HasSubstr("did you mean \"blur\"?"));
        EXPECT_THAT(finished.errors, HasSubstr(name + ":6:34: layers[2].input[0]: "));
        EXPECT_THAT(finished.errors, HasSubstr(name + ":7:14: layers[3].empty[0]"));
        EXPECT_THAT(finished.errors, HasSubstr("^"));
    }
}

TEST_F(Commands, AMisspeltModelIsAMistakeOfTheConfiguration) {
    const auto path = config("layers:\n  - foreground: []\nmodel: mediapip\n");
    const auto finished = test::scrim({"check", path});
    EXPECT_EQ(finished.status, 2);
    EXPECT_EQ(finished.errors, path.string() +
                                   ":3:8: model: there is no model \"mediapip\"; did you mean "
                                   "\"mediapipe\"?\nmodel: mediapip\n       ^\n");
}

TEST_F(Commands, PicturesOfAConfigurationThatCannotBeRead) {
    test::write_file(folder_ / "empty.png", "");
    test::write_file(folder_ / "text.png", "hello\n");
    std::filesystem::create_directory(folder_ / "folder.png");
    const auto path = config(
        "layers:\n"
        "  - empty: [[image, missing.png]]\n"
        "  - empty: [[image, empty.png]]\n"
        "  - empty: [[image, text.png]]\n"
        "  - empty: [[image, folder.png]]\n");
    const auto finished = test::scrim({"check", path});
    EXPECT_EQ(finished.status, 2);
    const std::vector<std::string> reasons{"no such file", "empty", "not a picture", "folder"};
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        EXPECT_THAT(finished.errors,
                    ContainsRegex("config.yaml:" + std::to_string(i + 2) + ":[0-9]+: layers\\[" +
                                  std::to_string(i) + "\\].*" + reasons[i]));
    }
}

TEST_F(Commands, AMissingConfigurationIsAnErrorWithStatus1) {
    const auto path = folder_ / "nowhere.yaml";
    for (const std::string command : {"check", "run"}) {
        const auto finished = test::scrim({command, "--config", path});
        EXPECT_EQ(finished.status, 1);
        EXPECT_THAT(finished.errors, StartsWith("scrim: "));
        EXPECT_THAT(finished.errors, HasSubstr(path.string()));
    }
}

TEST_F(Commands, AMisspeltCommandIsExplained) {
    const auto finished = test::scrim({"proces", "a.mp4", "b.mp4"});
    EXPECT_EQ(finished.status, 1);
    EXPECT_EQ(finished.errors,
              "scrim: there is no command \"proces\"; did you mean \"process\"?\n");
    const auto option = test::scrim({"run", "--sorce", "pattern"});
    EXPECT_EQ(option.status, 1);
    EXPECT_THAT(option.errors, HasSubstr("--sorce"));
}

TEST_F(Commands, FiltersExplainThemselves) {
    const auto list = test::scrim({"filters"});
    EXPECT_THAT(list.output, HasSubstr("gaussian_blur"));
    const auto blur = test::scrim({"filters", "blur"});
    EXPECT_THAT(blur.output, HasSubstr("intensity_x"));
    EXPECT_THAT(blur.output, HasSubstr("default 5"));
    const auto wrong = test::scrim({"filters", "gausian_blur"});
    EXPECT_EQ(wrong.status, 1);
    EXPECT_EQ(wrong.errors,
              "scrim: there is no filter \"gausian_blur\"; did you mean \"gaussian_blur\"?\n");
}

TEST_F(Commands, ModelsAndDevicesAreListed) {
    EXPECT_THAT(test::scrim({"models"}).output, HasSubstr("mediapipe"));
    EXPECT_EQ(test::scrim({"devices"}).status, 0);
}

TEST_F(Commands, ListsSayWhatAConfigurationUses) {
    const auto path =
        config("real_video_device: 7\nmodel: mediapipe-square\nlayers:\n  - input: [grayscale]\n");
    EXPECT_THAT(test::scrim({"filters", "--config", path}).output,
                ContainsRegex("grayscale .*\\(used\\)"));
    EXPECT_THAT(test::scrim({"models", "--config", path}).output,
                HasSubstr("the one that the configuration uses"));
    EXPECT_THAT(test::scrim({"devices", "--config", path}).output,
                HasSubstr("takes as camera: /dev/video7, as virtual camera: the first\n"));
}

TEST_F(Commands, RunWithThePatternAsCamera) {
    const auto path = config("width: 320\nheight: 180\nfps: 60\nlayers:\n  - input: [[blur, 9]]\n");
    const auto out = folder_ / "out.mkv";
    const auto finished = test::scrim({"run", "--config", path, "--source", "pattern", "--output",
                                       "null", "--output", out, "--frames", "20"});
    EXPECT_EQ(finished.status, 0) << finished.errors;
    EXPECT_THAT(finished.errors, HasSubstr("20 frames in"));
    EXPECT_GT(test::count_frames(out), 1);
}

TEST_F(Commands, RunEndsWithCtrlC) {
    const auto path = config("layers:\n  - input: []\n");
    test::Command command(
        {test::scrim_path(), "run", "--config", path, "--source", "pattern", "--output", "null"});
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (command.errors().find("Ctrl-C ends") == std::string::npos) {
        ASSERT_LT(std::chrono::steady_clock::now(), end) << command.errors();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    command.signal(SIGTERM);
    EXPECT_EQ(command.wait(std::chrono::seconds(60)).status, 0);
}

TEST_F(Commands, RenderMovesLayersFromFrameToFrame) {
    write_png(test::gradient_frame({64, 48}, {}, 0), folder_ / "in.png");
    const auto path = config("layers:\n  - input: [[flip, true, false]]\n");
    const auto finished = test::scrim(
        {"render", folder_ / "in.png", folder_ / "out.png", "--config", path, "--frames", "3"});
    EXPECT_EQ(finished.status, 0) << finished.errors;
    const Picture in = read_picture(folder_ / "in.png");
    const Picture out = read_picture(folder_ / "out.png");
    for (std::size_t x = 0; x < 64; ++x) {
        EXPECT_NEAR(in.rgba[4 * x + 1], out.rgba[4 * (63 - x) + 1], 6) << x;
    }
}

TEST_F(Commands, AGivenMaskStandsInForTheNetwork) {
    write_png(test::gradient_frame({64, 48}, {}, 0), folder_ / "in.png");
    Frame half = solid_frame(64, 48, {Matrix::bt601, Range::full}, {0, 128, 128});
    for (int y = 0; y < 48; ++y)
        std::fill_n(half.y.writable_row(y), 32, std::uint8_t{255});
    write_png(half, folder_ / "mask.png");
    const auto path = config(
        "average_masks: 1\nlayers:\n  - empty: [[solid_color, 0, 0, 255]]\n  - foreground: []\n");
    const auto finished = test::scrim({"render", folder_ / "in.png", folder_ / "out.png",
                                       "--config", path, "--mask", folder_ / "mask.png"});
    ASSERT_EQ(finished.status, 0) << finished.errors;
    const Picture in = read_picture(folder_ / "in.png");
    const Picture out = read_picture(folder_ / "out.png");
    EXPECT_NEAR(out.rgba[4 * 10], in.rgba[4 * 10], 6);
    EXPECT_NEAR(out.rgba[4 * 50], 0, 3);
    EXPECT_NEAR(out.rgba[4 * 50 + 2], 255, 3);
}

TEST_F(Commands, AMissingNetworkSaysHowToGetIt) {
    write_png(test::gradient_frame({64, 48}, {}, 0), folder_ / "in.png");
    const auto path = config("layers:\n  - foreground: []\n");
    const std::string nowhere = folder_ / "nothing";
    const auto finished =
        test::run({"env", "SCRIM_MODEL_PATH=" + nowhere, "XDG_DATA_HOME=" + nowhere,
                   "XDG_DATA_DIRS=" + nowhere, test::scrim_path(), "render", folder_ / "in.png",
                   folder_ / "out.png", "--config", path});
    EXPECT_EQ(finished.status, 1);
    EXPECT_THAT(finished.errors, HasSubstr("selfie_segmentation"));
    EXPECT_THAT(finished.errors, HasSubstr("`scrim models pull mediapipe-square`"));
    EXPECT_THAT(finished.errors, HasSubstr(nowhere));
}

}  // namespace
}  // namespace scrim
