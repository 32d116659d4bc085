// The cost of a whole frame, from memory to memory, beside the network's own time: what Scrim adds
// to the network is the figure that counts. Run from a machine with the networks installed:
//
//     build/release/bench/scrim_bench --benchmark_filter="whole_frame|inference/landscape"
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "frame/convert.h"
#include "frame/picture.h"
#include "pipeline/engine.h"
#include "segment/registry.h"

namespace scrim {
namespace {

constexpr int width = 1280;
constexpr int height = 720;

/// A picture as a camera gives it, in memory of its own.
Captured raw_picture() {
    Frame frame(width, height, {});
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            frame.y.writable_row(y)[x] = static_cast<std::uint8_t>(16 + (x * y / 97 + x) % 200);
        }
    }
    frame.u = Plane::filled(width / 2, height / 2, 120);
    frame.v = Plane::filled(width / 2, height / 2, 140);
    auto owner = std::make_shared<Frame>(frame);
    Captured captured;
    captured.width = width;
    captured.height = height;
    captured.data = {owner->y.data(), owner->u.data(), owner->v.data()};
    captured.stride = {owner->y.stride(), owner->u.stride(), owner->v.stride()};
    captured.owner = owner;
    return captured;
}

std::string layers_of(const std::string& name, const std::filesystem::path& folder) {
    if (name == "image") {
        write_png(solid_frame(width, height, {}, {120, 100, 150}), folder / "background.png");
        return "layers:\n  - empty: [[image, background.png]]\n  - foreground: []\n";
    }
    if (name == "blur") return "layers:\n  - input: [[blur, 21, 21]]\n  - foreground: []\n";
    return "layers:\n  - input: []\n";
}

/// One frame from raw YU12 in to YU12 out.
void whole_frame(benchmark::State& state, const std::string& name) {
    const auto folder = std::filesystem::temp_directory_path() / "scrim-bench";
    std::filesystem::create_directories(folder);
    StageClock clock;
    Engine engine(scene_of_text(layers_of(name, folder), name, folder), {width, height, {}}, clock);
    Captured picture = raw_picture();
    std::vector<std::uint8_t> out(packed_size(PixelFormat::yu12, width, height));
    std::uint8_t* const u = out.data() + std::size_t{width} * height;
    std::uint8_t* const v = u + std::size_t{width} * height / 4;
    for ([[maybe_unused]] auto _ : state) {
        const Frame frame = engine.process(picture);
        to_yu12(frame, out.data(), width, u, width / 2, v, width / 2);
        ++picture.sequence;
    }
    const auto times = clock.times();
    for (std::size_t i = 0; i < stage_names.size(); ++i) {
        if (times[i].count > 0) state.counters[std::string(stage_names[i])] = times[i].mean_ms();
    }
}
BENCHMARK_CAPTURE(whole_frame, plain_input, "plain")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_frame, image_background, "image")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_frame, blurred_background, "blur")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace scrim
