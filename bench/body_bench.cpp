// What it costs to find parts of the body, keypoints and faces, beside the network alone: what no
// layer asks for must cost nothing. Whose picture it is matters: set SCRIM_BENCH_PICTURE to one of
// 1280x720 with a person, or nobody is found.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "frame/convert.h"
#include "frame/picture.h"
#include "pipeline/engine.h"
#include "segment/bodypix.h"
#include "segment/model_files.h"
#include "segment/motion.h"
#include "segment/network/passes.h"
#include "segment/network/tfjs_importer.h"
#include "segment/network/xnnpack_network.h"
#include "segment/registry.h"

namespace scrim {
namespace {

constexpr int width = 1280;
constexpr int height = 720;

Frame picture() {
    if (const char* const file = std::getenv("SCRIM_BENCH_PICTURE")) {
        const Picture read = read_picture(file);
        return from_rgba(read.rgba.data(), 4 * read.width, read.width, read.height, {});
    }
    return solid_frame(width, height, {}, {128, 110, 140});
}

/// Skips the benchmark where a file is missing.
bool installed(benchmark::State& state, const std::string& file) {
    if (find_model_file(file)) return true;
    state.SkipWithError((file + " is not installed").c_str());
    return false;
}

Config config_of(const std::string& text) {
    Diagnostics diagnostics("benchmark", text);
    return parse_config(text, ".", diagnostics);
}

/// BodyPix alone, with nothing but the person wanted of it.
void body_network(benchmark::State& state) {
    const std::string file = bodypix_file(BodyPixKind::mobilenet, Config());
    if (!installed(state, file)) return;
    const auto path = find_model_file(file).value();
    const auto read = [&](const std::string& name) {
        return read_model_file_at(path.parent_path() / name);
    };
    Graph graph = import_tfjs(read_model_file_at(path), read,
                              {bodypix_input_side(height, 0.5, 16),
                               bodypix_input_side(width, 0.5, 16),
                               {"float_segments"},
                               true});
    simplify(graph);
    Network network(std::move(graph));
    std::fill(network.input().begin(), network.input().end(), 0.5F);
    for ([[maybe_unused]] auto _ : state)
        network.run();
}
BENCHMARK(body_network)->Unit(benchmark::kMillisecond);

/// A whole frame, from raw to composed.
void body_frame(benchmark::State& state, const std::string& text, const std::string& file) {
    if (!installed(state, file)) return;
    const Frame frame = picture();
    Captured captured;
    captured.width = frame.width();
    captured.height = frame.height();
    captured.data = {frame.y.data(), frame.u.data(), frame.v.data()};
    captured.stride = {frame.y.stride(), frame.u.stride(), frame.v.stride()};
    captured.tags = frame.tags;
    StageClock clock;
    Engine engine(scene_of_text(text, "benchmark", std::filesystem::temp_directory_path()),
                  {.width = frame.width(), .height = frame.height(), .tags = frame.tags}, clock);
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(engine.process(captured));
        ++captured.sequence;
    }
    const auto times = clock.times();
    for (std::size_t i = 0; i < stage_names.size(); ++i) {
        if (times[i].count > 0) state.counters[std::string(stage_names[i])] = times[i].mean_ms();
    }
}

std::string layers(const std::string& top) {
    return "model: mobilenet\nlayers:\n  - empty: []\n" + top;
}

std::string every_part() {
    std::string text;
    for (const std::string_view part : body_parts)
        text += fmt::format("  - parts: [{}]\n", part);
    return layers(text);
}

const std::string bodypix = bodypix_file(BodyPixKind::mobilenet, Config());

BENCHMARK_CAPTURE(body_frame, mask_only, layers("  - foreground: []\n"), bodypix)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(body_frame, one_part, layers("  - parts: [torso]\n"), bodypix)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(body_frame, anonymize, layers("  - input: [anonymize]\n"), bodypix)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(body_frame, every_part, every_part(), bodypix)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(body_frame, a_keypoint, "model: mobilenet\ndebug_show_heatmap: 0\n", bodypix)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(body_frame, anonymize_by_detector,
                  "layers:\n  - input: []\n  - input: [anonymize]\n",
                  "face_detection_full_range.tflite")
    ->Unit(benchmark::kMillisecond);

/// All 24 parts and 17 keypoints, as masks of the frame's size.
void everything(benchmark::State& state) {
    if (!installed(state, bodypix)) return;
    const Frame frame = picture();
    PersonNeeds needs{.mask = true, .keypoints = KeypointSet().set()};
    for (std::size_t i = 0; i < body_parts.size(); ++i)
        needs.parts.push_back(PartSet().set(i));
    PersonFinder finder(config_of("model: mobilenet\n"), needs, frame.width(), frame.height());
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(finder.refine(finder.look(frame)));
}
BENCHMARK(everything)->Unit(benchmark::kMillisecond);

/// Instead of a network: the motion since the last mask, and the mask carried along.
void carried_mask(benchmark::State& state) {
    const Frame frame = picture();
    const Plane mask = Plane::filled(256, 144, 100);
    MotionCarrier motion;
    motion.remember(frame.y);
    for ([[maybe_unused]] auto _ : state) {
        motion.follow(frame.y);
        benchmark::DoNotOptimize(motion.carried(mask));
    }
}
BENCHMARK(carried_mask)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace scrim
