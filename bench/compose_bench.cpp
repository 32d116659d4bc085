// Blending and whole compositions at 1280x720; what each filter costs is in filter_bench.cpp.

#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <libyuv.h>
#include <opencv2/core.hpp>
#include <unistd.h>

#include "compose/blend.h"
#include "compose/compositor.h"
#include "config/config.h"
#include "filter/test_pictures.h"
#include "frame/picture.h"

namespace scrim {
namespace {

constexpr int width = 1280;
constexpr int height = 720;

/// A person in the middle third with an edge of 16 soft pixels.
Plane person() {
    Plane mask(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const int inside = std::min(x - width / 3, 2 * width / 3 - x);
            mask.writable_row(y)[x] = static_cast<std::uint8_t>(std::clamp(inside * 16, 0, 255));
        }
    }
    return mask;
}

Frame camera() {
    return test::noise_frame(width, height, 1);
}

Frame cut_out() {
    Frame frame = test::noise_frame(width, height, 2);
    frame.alpha = person();
    return frame;
}

template <typename Function>
void blend(benchmark::State& state, Function function) {
    const Frame base = camera();
    const Frame top = cut_out();
    for ([[maybe_unused]] auto _ : state) {
        Frame out = function(base, top);
        benchmark::DoNotOptimize(out.y.data());
    }
}
BENCHMARK_CAPTURE(blend, ours, blended);
BENCHMARK_CAPTURE(blend, reference, blended_reference)->Unit(benchmark::kMillisecond);

/// The bare library, always into the same memory.
void blend_libyuv(benchmark::State& state) {
    const Frame base = camera();
    const Frame top = cut_out();
    Frame out(width, height, {});
    for ([[maybe_unused]] auto _ : state) {
        libyuv::I420Blend(top.y.data(), top.y.stride(), top.u.data(), top.u.stride(), top.v.data(),
                          top.v.stride(), base.y.data(), base.y.stride(), base.u.data(),
                          base.u.stride(), base.v.data(), base.v.stride(), top.alpha.data(),
                          top.alpha.stride(), out.y.overwritable(), out.y.stride(),
                          out.u.overwritable(), out.u.stride(), out.v.overwritable(),
                          out.v.stride(), width, height);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(blend_libyuv);

void compose(benchmark::State& state, const std::string& layers) {
    cv::setNumThreads(0);
    const auto folder =
        std::filesystem::temp_directory_path() / fmt::format("scrim_compose_bench_{}", getpid());
    std::filesystem::create_directories(folder);
    write_png(test::noise_frame(960, 540, 3), folder / "background.png");
    const std::string text = "layers:\n" + layers;
    Diagnostics diagnostics("bench.yaml", text);
    const Config config = parse_config(text, folder, diagnostics);
    Compositor compositor(config, diagnostics);
    compositor.prepare({width, height, {}}, diagnostics);
    std::filesystem::remove_all(folder);
    if (diagnostics.has_errors()) {
        state.SkipWithError(diagnostics.render().c_str());
        return;
    }
    const Frame in = camera();
    const Plane mask = person();
    for ([[maybe_unused]] auto _ : state) {
        Frame out = compositor.compose(in, {.mask = mask});
        benchmark::DoNotOptimize(out.y.data());
    }
}
BENCHMARK_CAPTURE(compose, input, "  - input: []\n");
BENCHMARK_CAPTURE(compose, image_background,
                  "  - empty: [[image, background.png]]\n  - foreground: []\n");
BENCHMARK_CAPTURE(compose, blurred_background, "  - input: [[blur, 21]]\n  - foreground: []\n");
BENCHMARK_CAPTURE(compose, mirrored_on_image,
                  "  - empty: [[image, background.png]]\n  - foreground: []\n"
                  "  - previous: [flip]\n");

}  // namespace
}  // namespace scrim
