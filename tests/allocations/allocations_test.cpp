// A running pipeline asks the system for no memory: what comes and goes with every frame is taken
// from pools. This program counts (count_allocations.cpp).

#include "util/allocations.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <opencv2/core/utility.hpp>
#include <turbojpeg.h>

#include "app/bench_input.h"
#include "frame/convert.h"
#include "pipeline/engine.h"
#include "segment/model_files.h"
#include "support/command.h"

namespace scrim {
namespace {

constexpr int width = 1280;
constexpr int height = 720;
constexpr int warm_up = 12;
constexpr int frames = 20;

/// What libjpeg-turbo asks for by itself for one picture, decoded smaller: it gives all back in
/// between.
std::uint64_t jpeg_allocations(const Captured& picture, int shrink) {
    const std::unique_ptr<void, int (*)(tjhandle)> handle(tjInitDecompress(), tjDestroy);
    std::array<std::vector<std::uint8_t>, 3> memory;
    const auto decode = [&] {
        int w = 0;
        int h = 0;
        int sampling = 0;
        int colors = 0;
        tjDecompressHeader3(handle.get(), picture.data[0], picture.size, &w, &h, &sampling,
                            &colors);
        w = TJSCALED(w, (tjscalingfactor{1, shrink}));
        h = TJSCALED(h, (tjscalingfactor{1, shrink}));
        std::array<std::uint8_t*, 3> planes{};
        for (int i = 0; i < 3; ++i) {
            auto& plane = memory[static_cast<std::size_t>(i)];
            plane.resize(tjPlaneSizeYUV(i, w, 0, h, sampling));
            planes[static_cast<std::size_t>(i)] = plane.data();
        }
        return tjDecompressToYUVPlanes(handle.get(), picture.data[0], picture.size, planes.data(),
                                       w, nullptr, h, 0);
    };
    EXPECT_EQ(decode(), 0);
    const std::uint64_t before = allocations().value();
    decode();
    return allocations().value() - before;
}

class Allocations : public testing::TestWithParam<std::tuple<PixelFormat, std::string>> {
  protected:
    void SetUp() override {
        if (!allocations()) GTEST_SKIP() << "a sanitizer's malloc() cannot be counted";
        if (!find_model_file("selfie_segmentation_landscape.tflite")) {
            GTEST_SKIP() << "the network is not installed";
        }
        cv::setNumThreads(0);
    }
    test::TemporaryFolder folder_;
};

TEST_P(Allocations, NoneAFrameAfterTheFirstFew) {
    const auto& [format, layers] = GetParam();
    const BenchInput input = bench_input("", BenchSize{width, height}, format);
    StageClock clock;
    Engine engine(scene_of_text(layers, "test", SCRIM_SOURCE_DIR), {width, height, {}}, clock);
    std::vector<std::uint8_t> out(packed_size(PixelFormat::yuyv, width, height));
    std::uint64_t number = 0;
    const auto run = [&](int times) {
        const std::uint64_t before = allocations().value();
        for (int i = 0; i < times; ++i) {
            Captured picture = input.pictures[number % input.pictures.size()];
            picture.sequence = number;
            picture.captured = Time{} + number++ * std::chrono::milliseconds(33);
            to_yuyv(engine.process(picture), out.data(), 2 * width);
        }
        return allocations().value() - before;
    };
    run(warm_up);
    std::uint64_t expected = 0;
    if (format == PixelFormat::mjpeg) {
        for (int i = 0; i < frames; ++i) {
            const Captured& picture =
                input.pictures[(number + static_cast<std::uint64_t>(i)) % input.pictures.size()];
            expected += jpeg_allocations(picture, 1);
            // The network gets a small picture of its own then.
            if (layers.starts_with("threads")) expected += jpeg_allocations(picture, 4);
        }
    }
    EXPECT_EQ(run(frames), expected);
}

std::string name_of_case(const testing::TestParamInfo<Allocations::ParamType>& info) {
    const auto& [format, layers] = info.param;
    const auto has = [&layers = layers](const char* word) {
        return layers.find(word) != std::string::npos;
    };
    return fmt::format("{}_{}{}{}", name_of(format), has("blur") ? "blur" : "image",
                       has("exclude") ? "_without_person" : "", has("threads") ? "_2_threads" : "");
}

INSTANTIATE_TEST_SUITE_P(
    Engine, Allocations,
    testing::Combine(testing::Values(PixelFormat::yu12, PixelFormat::yuyv, PixelFormat::mjpeg),
                     testing::Values("layers:\n  - empty: [[image, config/backgrounds/room.jpg]]\n"
                                     "  - foreground: []\n",
                                     "layers:\n  - input: [[blur, 21, 21]]\n  - foreground: []\n",
                                     "layers:\n  - input: [[blur, {intensity_x: 25, "
                                     "exclude_person: true}]]\n  - foreground: []\n",
                                     "threads: 2\n"
                                     "layers:\n  - input: [[blur, 21, 21]]\n  - foreground: []\n")),
    name_of_case);

}  // namespace
}  // namespace scrim
