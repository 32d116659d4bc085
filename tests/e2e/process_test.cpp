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

using testing::HasSubstr;
using testing::Not;

class Process : public testing::Test {
  protected:
    void SetUp() override {
        test::write_file(plain_, "layers:\n  - input: []\n");
        test::write_file(red_, "layers:\n  - empty: [[solid_color, 200, 0, 0]]\n");
    }

    /// A clip of our own.
    std::filesystem::path clip(const std::string& name, int frames, ColorTags tags = {}) const {
        std::vector<Frame> pictures;
        pictures.reserve(static_cast<std::size_t>(frames));
        for (int i = 0; i < frames; ++i) {
            pictures.push_back(test::gradient_frame({160, 90}, tags, i));
        }
        test::write_frames(folder_ / name, pictures, 25);
        return folder_ / name;
    }

    test::TemporaryFolder folder_;
    std::filesystem::path plain_ = folder_ / "plain.yaml";
    std::filesystem::path red_ = folder_ / "red.yaml";
};

TEST_F(Process, PlainInputIsTheSameBytes) {
    for (const Range range : {Range::limited, Range::full}) {
        const auto in = clip("in.y4m", 5, {Matrix::bt601, range});
        const auto out = folder_ / "out.y4m";
        ASSERT_EQ(test::scrim({"process", in, out, "--config", plain_}).status, 0);
        EXPECT_EQ(test::read_file(in), test::read_file(out));
    }
}

TEST_F(Process, ThroughRgbTheWholeWayStaysAbove45Decibels) {
    const auto in = clip("in.y4m", 1);
    ASSERT_EQ(test::scrim({"process", in, folder_ / "rgb.png", "--config", plain_}).status, 0);
    const auto picture = read_picture(folder_ / "rgb-00001.png");
    const Frame before = test::read_frames(in).at(0);
    const Frame after = from_rgba(picture.rgba.data(), 4 * picture.width, picture.width,
                                  picture.height, before.tags);
    EXPECT_GE(test::psnr(before.y, after.y), 45);
    EXPECT_GE(test::psnr(before.u, after.u), 45);
    EXPECT_GE(test::psnr(before.v, after.v), 45);
}

TEST_F(Process, SeveralOutputsAtOnce) {
    const auto in = clip("in.y4m", 7);
    const auto finished = test::scrim(
        {"process", in, folder_ / "a.mkv", folder_ / "b.y4m", folder_ / "c.mp4", "--config", red_});
    ASSERT_EQ(finished.status, 0) << finished.errors;
    EXPECT_THAT(finished.errors, HasSubstr("7 frames in"));
    EXPECT_THAT(finished.errors, HasSubstr("milliseconds a frame:  decode"));
    EXPECT_THAT(finished.errors, Not(HasSubstr("segment")));  // no layer needs the network
    EXPECT_EQ(test::count_frames(folder_ / "a.mkv"), 7);
    EXPECT_EQ(test::count_frames(folder_ / "b.y4m"), 7);
    EXPECT_EQ(test::count_frames(folder_ / "c.mp4"), 7);
}

TEST_F(Process, StandardOutputIsY4m) {
    const auto in = clip("in.y4m", 3);
    const auto finished = test::scrim({"process", in, "-", "--config", plain_});
    EXPECT_EQ(finished.status, 0);
    EXPECT_EQ(finished.output, test::read_file(in));
}

TEST_F(Process, CtrlCCompletesTheFile) {
    const auto out = folder_ / "out.mp4";
    test::Command command(
        {test::scrim_path(), "process", "pattern:1000000", out, "--config", plain_});
    while (!std::filesystem::exists(out) || std::filesystem::file_size(out) < 20000) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    command.signal(SIGINT);
    const auto finished = command.wait();
    EXPECT_EQ(finished.status, 0) << finished.errors;
    EXPECT_GT(test::count_frames(out), 1);
}

TEST_F(Process, AFullDiskEndsWithOneMessageAndAPlayableFile) {
    for (const std::string name : {"out.mkv", "out.mp4", "out.webm", "out.y4m"}) {
        SCOPED_TRACE(name);
        const auto out = folder_ / name;
        const long limit = name == "out.y4m" ? 5000000 : 150000;
        test::Command command(
            {test::scrim_path(), "process", "pattern:200", out, "--config", plain_},
            {.file_bytes = limit});
        const auto finished = command.wait();
        EXPECT_EQ(finished.status, 1);
        EXPECT_EQ(finished.errors, "scrim: cannot write " + out.string() + ": File too large\n");
        const int frames = test::count_frames(out);
        EXPECT_GT(frames, 0);
        EXPECT_LT(frames, 200);
    }
}

TEST_F(Process, NeverWritesOverItsInput) {
    const auto in = clip("in.y4m", 1);
    const auto before = test::read_file(in);
    const auto finished = test::scrim({"process", in, in, "--config", plain_});
    EXPECT_EQ(finished.status, 1);
    EXPECT_EQ(finished.errors,
              "scrim: " + in.string() + " would be written over itself; choose another output\n");
    EXPECT_EQ(test::read_file(in), before);
}

TEST_F(Process, InputsThatAreNoPicturesAreNamedWithTheReason) {
    const auto fails = [&](const std::filesystem::path& input, const std::string& reason) {
        const auto finished =
            test::scrim({"process", input, folder_ / "out.mp4", "--config", plain_});
        EXPECT_EQ(finished.status, 1);
        EXPECT_THAT(finished.errors, testing::StartsWith("scrim: ")) << input;
        EXPECT_THAT(finished.errors, HasSubstr(input.string()));
        EXPECT_THAT(finished.errors, HasSubstr(reason));
        EXPECT_EQ(std::count(finished.errors.begin(), finished.errors.end(), '\n'), 1);
        EXPECT_FALSE(std::filesystem::exists(folder_ / "out.mp4"));
    };
    test::write_file(folder_ / "empty.mp4", "");
    test::write_file(folder_ / "text.mp4", "this is not a video\n");
    std::filesystem::create_directory(folder_ / "folder");
    fails(folder_ / "missing.mp4", "no such file");
    fails(folder_ / "empty.mp4", "empty");
    fails(folder_ / "folder", "folder");
    fails(folder_ / "text.mp4", "not");
}

TEST_F(Process, SoundIsCopiedAlong) {
    const auto in = folder_ / "in.mp4";
    const auto made =
        test::run({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=1", "-f",
                   "lavfi", "-i", "sine=d=1", "-c:a", "aac", in});
    ASSERT_EQ(made.status, 0) << made.errors;
    const auto streams = [](const std::filesystem::path& path) {
        return test::run({"ffprobe", "-v", "error", "-show_entries", "stream=codec_type", "-of",
                          "csv=p=0", path})
            .output;
    };
    for (const std::string name : {"out.mp4", "out.mkv"}) {
        const auto finished = test::scrim({"process", in, folder_ / name, "--config", plain_});
        ASSERT_EQ(finished.status, 0) << finished.errors;
        EXPECT_EQ(streams(folder_ / name), "video\naudio\n");
    }
    test::scrim({"process", in, folder_ / "silent.mkv", "--no-sound", "--config", plain_});
    EXPECT_EQ(streams(folder_ / "silent.mkv"), "video\n");
    const auto webm = test::scrim({"process", in, folder_ / "out.webm", "--config", plain_});
    EXPECT_EQ(webm.status, 0);  // WebM takes no AAC: the picture comes without it, and that is said
    EXPECT_THAT(webm.errors, HasSubstr("sound"));
    EXPECT_EQ(streams(folder_ / "out.webm"), "video\n");
}

/// In MPEG streams every packet of AAC says how to decode it, in MP4 the file says it once.
TEST_F(Process, SoundOfAnMpegStreamFitsIntoMp4) {
    const auto in = folder_ / "in.ts";
    const auto made =
        test::run({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=1", "-f",
                   "lavfi", "-i", "sine=d=1", "-c:v", "mpeg2video", "-c:a", "aac", in});
    ASSERT_EQ(made.status, 0) << made.errors;
    const auto out = folder_ / "out.mp4";
    const auto finished = test::scrim({"process", in, out, "--config", plain_});
    ASSERT_EQ(finished.status, 0) << finished.errors;
    const auto played = test::run({"ffmpeg", "-v", "error", "-xerror", "-i", out, "-map", "0:a",
                                   "-f", "s16le", folder_ / "sound.raw"});
    EXPECT_EQ(played.status, 0) << played.errors;
    EXPECT_GT(std::filesystem::file_size(folder_ / "sound.raw"), 60000U);  // most of the second
}

TEST_F(Process, BrokenPicturesInAnMjpegStreamAreLeftOut) {
    const auto in = folder_ / "in.mjpeg";
    const auto made =
        test::run({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=25",
                   "-frames:v", "20", "-c:v", "mjpeg", "-f", "mjpeg", in});
    ASSERT_EQ(made.status, 0) << made.errors;
    std::string bytes = test::read_file(in);
    std::vector<std::size_t> starts;
    for (auto at = bytes.find("\xFF\xD8\xFF"); at != std::string::npos;
         at = bytes.find("\xFF\xD8\xFF", at + 1)) {
        starts.push_back(at);
    }
    ASSERT_EQ(starts.size(), 20U);
    for (const std::size_t broken : {5U, 11U}) {
        for (std::size_t i = 700; i < 3700; i += 3)
            bytes[starts[broken] + i] = '\x55';
    }
    test::write_file(in, bytes);
    const auto finished = test::scrim({"process", in, folder_ / "out.y4m", "--config", plain_});
    EXPECT_EQ(finished.status, 0) << finished.errors;
    const int frames = test::count_frames(folder_ / "out.y4m");
    EXPECT_GE(frames, 18);
    EXPECT_LE(frames, 20);
}

}  // namespace
}  // namespace scrim
