#include "pipeline/engine.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <turbojpeg.h>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

constexpr int width = 32;
constexpr int height = 24;
const char* const blue_behind_person =
    "average_masks: 1\nlayers:\n  - empty: [[solid_color, 0, 0, 255]]\n  - foreground: []\n";

Captured picture_of(const std::shared_ptr<const Frame>& frame) {
    return captured_of(*frame);
}

Captured gray_picture(ColorTags tags = {}) {
    return picture_of(std::make_shared<Frame>(solid_frame(width, height, tags, {90, 128, 128})));
}

Engine engine_for(const std::string& layers, StageClock& clock, std::optional<Plane> score) {
    return {scene_of_text(layers, "test", std::filesystem::temp_directory_path()),
            {width, height, {}},
            clock,
            {},
            std::move(score)};
}

TEST(Engine, APersonEverywhereShowsTheCamerasBytes) {
    StageClock clock;
    Engine engine = engine_for(blue_behind_person, clock, Plane::filled(width, height, 255));
    const Frame out = engine.process(gray_picture());
    EXPECT_EQ(out.y.row(3)[5], 90);
    EXPECT_EQ(out.u.row(1)[2], 128);
    EXPECT_TRUE(out.opaque());
}

TEST(Engine, NobodyThereShowsNothingOfTheRoom) {
    StageClock clock;
    Engine engine = engine_for(blue_behind_person, clock, Plane::filled(width, height, 0));
    const Frame out = engine.process(gray_picture());
    const YuvColor blue = yuv_of_rgb(0, 0, 255, {});
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            ASSERT_EQ(out.y.row(y)[x], blue.y);
    }
}

TEST(Engine, WithoutAModelAGivenMaskIsCutAtTheThreshold) {
    StageClock clock;
    const YuvColor blue = yuv_of_rgb(0, 0, 255, {});
    Engine hard = engine_for(blue_behind_person, clock, Plane::filled(width, height, 180));
    EXPECT_EQ(hard.process(gray_picture()).y.row(0)[0], blue.y);
    Engine soft = engine_for(std::string("model: mediapipe\n") + blue_behind_person, clock,
                             Plane::filled(width, height, 180));
    const int mixed = soft.process(gray_picture()).y.row(0)[0];
    EXPECT_GT(mixed, blue.y);
    EXPECT_LT(mixed, 90);
}

TEST(Engine, FramesComeOutInTheStreamsTags) {
    StageClock clock;
    Engine engine = engine_for("layers:\n  - input: []\n", clock, std::nullopt);
    const Frame out = engine.process(gray_picture({Matrix::bt601, Range::full}));
    EXPECT_EQ(out.tags, ColorTags{});
    EXPECT_EQ(out.y.row(0)[0], 16 + 90 * 219 / 255);
}

TEST(Engine, AnotherSizeIsAnErrorOfThatFrameOnly) {
    StageClock clock;
    Engine engine = engine_for("layers:\n  - input: []\n", clock, std::nullopt);
    const auto small = std::make_shared<Frame>(solid_frame(16, 16, {}, {90, 128, 128}));
    EXPECT_THROW(engine.process(picture_of(small)), DecodeError);
    EXPECT_EQ(engine.process(gray_picture()).y.row(0)[0], 90);
}

/// Where somebody must not be recognised: whatever goes wrong with the faces, all is covered.
TEST(Engine, AnUnknownFaceIsCoveredWithEverythingElse) {
    StageClock clock;
    std::optional<std::vector<Face>> faces = std::vector<Face>{{0.25, 0.25, 0.75, 0.75, {}}};
    const Networks networks{nullptr, [&faces]() -> FaceFinder {
                                return [&faces](const Frame&) {
                                    if (!faces) throw Error("no such luck");
                                    return *faces;
                                };
                            }};
    const std::string layers =
        "layers:\n  - input: []\n"
        "  - input: [[anonymize, {blur: 0, padding: 0, secure: true}]]\n";
    Engine engine(scene_of_text(layers, "test", std::filesystem::temp_directory_path()),
                  {width, height, {}}, clock, networks);
    Captured picture = gray_picture();
    const auto next = [&] {
        ++picture.sequence;
        picture.captured += std::chrono::seconds(2);  // nothing is remembered as long as that
        return engine.process(picture);
    };
    const Frame found = next();
    EXPECT_EQ(found.y.row(0)[0], 90);
    EXPECT_EQ(found.y.row(height / 2)[width / 2], 16);
    faces->clear();
    EXPECT_TRUE(test::is_filled(next().y, 16)) << "no face was found";
    faces.reset();
    EXPECT_TRUE(test::is_filled(next().y, 16)) << "nobody could look";
    EXPECT_EQ(engine.without_mask(), 1U);

    const Networks none{nullptr, []() -> FaceFinder { throw Error("no such file"); }};
    EXPECT_THROW(Engine(scene_of_text(layers, "test", std::filesystem::temp_directory_path()),
                        {width, height, {}}, clock, none),
                 Error);
}

TEST(Engine, NoNetworkIsOpenedWhereNoLayerNeedsIt) {
    StageClock clock;
    // a model that is not there would be an error
    Engine engine = engine_for("model: mobilenet\nlayers:\n  - input: []\n", clock, std::nullopt);
    EXPECT_EQ(engine.process(gray_picture()).y.row(0)[0], 90);
    EXPECT_EQ(clock.times()[static_cast<std::size_t>(Stage::segment)].count, 0U);
}

/// Says somebody is where the picture is bright.
class Bright final : public Segmenter {
  public:
    const std::string& name() const override { return name_; }
    bool hard() const override { return false; }
    Score segment(const Frame& frame) override { return {frame.y, frame.sequence}; }

  private:
    std::string name_ = "bright";
};

std::vector<Frame> worked_on(const std::string& config) {
    constexpr int count = 40;
    const Networks networks{
        [](const Config&, int, int, const PersonNeeds&) { return std::make_unique<Bright>(); },
        nullptr};
    const std::string layers =
        "layers:\n  - input: [[blur, 5], [stripes]]\n  - empty: [noise]\n"
        "  - foreground: [[roll, 3, 1]]\n  - previous: [[change_alpha, -100]]\n";
    StageClock clock;
    Engine engine(scene_of_text(config + layers, "test", std::filesystem::temp_directory_path()),
                  {width, height, {}}, clock, networks);
    std::vector<Frame> out;
    const Engine::Done done = [&out](const Frame& frame, std::uint64_t /*without_mask*/) {
        out.push_back(frame);
    };
    for (int i = 0; i < count; ++i) {
        Captured picture = picture_of(std::make_shared<Frame>(
            test::noise_frame(width, height, static_cast<unsigned>(i / 3))));
        picture.sequence = static_cast<std::uint64_t>(i);
        picture.captured = Time{} + i * std::chrono::milliseconds(33);
        engine.process(picture, done);
    }
    engine.wait();
    return out;
}

TEST(Engine, MoreThreadsGiveTheSamePicturesInTheSameOrder) {
    const std::vector<Frame> one = worked_on("threads: 1\n");
    ASSERT_EQ(one.size(), 40U);
    for (const std::string more :
         {"threads: 2\n", "threads: 2\npipeline: throughput\n",
          "threads: 3\npipeline: throughput\n", "threads: 1\npipeline: throughput\n"}) {
        const std::vector<Frame> others = worked_on(more);
        ASSERT_EQ(others.size(), one.size()) << more;
        for (std::size_t i = 0; i < one.size(); ++i) {
            ASSERT_EQ(others[i].sequence, i) << more;
            ASSERT_EQ(test::difference(others[i], one[i]), 0) << more << " frame " << i;
        }
    }
}

constexpr int large_width = 640;
constexpr int large_height = 360;

Captured jpeg_of_gradient(PictureSize shape = {large_width, large_height}) {
    std::vector<std::uint8_t> gray;
    for (int y = 0; y < shape.height; ++y) {
        for (int x = 0; x < shape.width; ++x)
            gray.push_back(static_cast<std::uint8_t>(255 * x / shape.width));
    }
    const std::unique_ptr<void, int (*)(tjhandle)> handle(tjInitCompress(), tjDestroy);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    constexpr int quality = 95;
    EXPECT_EQ(tjCompress2(handle.get(), gray.data(), shape.width, 0, shape.height, TJPF_GRAY,
                          &bytes, &size, TJSAMP_GRAY, quality, 0),
              0);
    Captured picture;
    picture.format = PixelFormat::mjpeg;
    picture.width = shape.width;
    picture.height = shape.height;
    picture.data[0] = bytes;
    picture.size = size;
    picture.owner = std::shared_ptr<const void>(bytes, tjFree);
    return picture;
}

/// As Bright, with a network of a size of its own; notes what it was shown.
class SmallNetwork final : public Segmenter {
  public:
    explicit SmallNetwork(std::vector<int>& widths, PictureSize size = {80, 45})
        : widths_(widths), size_(size) {}
    const std::string& name() const override { return name_; }
    bool hard() const override { return false; }
    std::optional<PictureSize> input_size() const override { return size_; }
    Score segment(const Frame& frame) override {
        widths_.push_back(frame.width());
        return {frame.y, frame.sequence};
    }

  private:
    std::vector<int>& widths_;
    PictureSize size_;
    std::string name_ = "small";
};

/// With a second thread a network that sees no more anyway is shown a small picture, decoded from
/// the same JPEG, and need not wait for the whole one.
TEST(Engine, ASmallNetworkIsShownASmallPictureWhereThatIsQuicker) {
    const auto worked_with = [](int threads, std::vector<int>& widths) {
        const Networks networks{[&widths](const Config&, int, int, const PersonNeeds&) {
                                    return std::make_unique<SmallNetwork>(widths);
                                },
                                nullptr};
        StageClock clock;
        Engine engine(scene_of_text(fmt::format("threads: {}\n{}", threads, blue_behind_person),
                                    "test", std::filesystem::temp_directory_path()),
                      {large_width, large_height, {}}, clock, networks);
        const Captured picture = jpeg_of_gradient();
        Frame frame = engine.process(picture);
        Captured cut = picture;
        cut.size /= 2;
        EXPECT_THROW(engine.process(cut), DecodeError);
        EXPECT_EQ(test::difference(engine.process(picture), frame), 0);
        Captured raw = captured_of(solid_frame(large_width, large_height, {}, {90, 128, 128}));
        engine.process(raw);
        return frame;
    };
    std::vector<int> one;
    std::vector<int> two;
    const Frame want = worked_with(1, one);
    const Frame got = worked_with(2, two);
    EXPECT_EQ(one, (std::vector{640, 640, 640}));
    EXPECT_EQ(two, (std::vector{80, 80, 640}));
    EXPECT_LE(test::difference(got, want), 4);
}

/// A picture of one block and a half.
TEST(Engine, ATinyPictureIsShrunkToo) {
    constexpr PictureSize tiny{12, 8};
    std::vector<int> widths;
    const Networks networks{[&widths](const Config&, int, int, const PersonNeeds&) {
                                return std::make_unique<SmallNetwork>(widths, PictureSize{3, 2});
                            },
                            nullptr};
    StageClock clock;
    Engine engine(scene_of_text(std::string("threads: 2\n") + blue_behind_person, "test",
                                std::filesystem::temp_directory_path()),
                  {tiny.width, tiny.height, {}}, clock, networks);
    engine.process(jpeg_of_gradient(tiny));
    EXPECT_EQ(widths, std::vector{tiny.width / 4});
}

TEST(Engine, WhatGoesWrongWithAFinishedPictureIsSaidLater) {
    StageClock clock;
    Engine engine = engine_for("threads: 2\npipeline: throughput\nlayers:\n  - input: []\n", clock,
                               std::nullopt);
    const Engine::Done done = [](const Frame&, std::uint64_t) { throw Error("full"); };
    engine.process(gray_picture(), done);
    EXPECT_THROW(engine.wait(), Error);
    EXPECT_NO_THROW(engine.wait());
}

}  // namespace
}  // namespace scrim
