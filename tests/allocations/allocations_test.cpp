// A running pipeline asks the system for no memory: what comes and goes with every frame is taken
// from pools. This program counts (count_allocations.cpp).

#include "util/allocations.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <opencv2/core/utility.hpp>

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

/// What libjpeg-turbo asks for, and gives back, by itself for one picture.
std::uint64_t jpeg_allocations(const Captured& picture, bool in_two_parts) {
    const std::uint64_t most = in_two_parts ? 1 : 2;
    Decoder decoder;
    const auto decode = [&] {
        if (!in_two_parts) return decoder.decode(picture);
        decoder.thumbnail(picture, Decoder::least_shrink);
        return decoder.rest();
    };
    decode();
    const std::uint64_t before = allocations().value();
    decode();
    const std::uint64_t count = allocations().value() - before;
    EXPECT_LE(count, most);
    return count;
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
            expected += jpeg_allocations(picture, layers.starts_with("threads"));
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
