// One inference of each network, and a whole segmentation of a 1280x720 frame: scaling, colours,
// inference, score.
#include <algorithm>
#include <vector>

#include <benchmark/benchmark.h>

#include "segment/mask.h"
#include "segment/mediapipe.h"
#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"
#include "segment/picture_input.h"

namespace scrim {
namespace {

constexpr int width = 1280;
constexpr int height = 720;

const char* file_of(SelfieKind kind) {
    return kind == SelfieKind::landscape ? "selfie_segmentation_landscape.tflite"
                                         : "selfie_segmentation.tflite";
}

/// Whether the network is there; the benchmark is skipped where it is not.
bool installed(benchmark::State& state, SelfieKind kind) {
    if (find_model_file(file_of(kind))) return true;
    state.SkipWithError("the network is not installed (scripts/bootstrap does it)");
    return false;
}

Network load(SelfieKind kind, bool simple) {
    Graph graph = import_tflite(read_model_file(file_of(kind)));
    if (simple) simplify(graph);
    return Network(std::move(graph));
}

void load_network(benchmark::State& state, SelfieKind kind) {
    if (!installed(state, kind)) return;
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(load(kind, true));
}

void inference(benchmark::State& state, SelfieKind kind, bool simple) {
    if (!installed(state, kind)) return;
    Network network = load(kind, simple);
    std::fill(network.input().begin(), network.input().end(), 0.5F);
    for ([[maybe_unused]] auto _ : state)
        network.run();
}

/// To the mask's bytes, as the pipeline does it: the end is not XNNPACK's.
void inference_with_head(benchmark::State& state, SelfieKind kind) {
    if (!installed(state, kind)) return;
    const auto segmenter = open_selfie(kind);
    for ([[maybe_unused]] auto _ : state)
        segmenter->run_again();
}

/// Scaling and colours: from a frame of that size to the landscape network's input.
void fill_input(benchmark::State& state) {
    const auto frame_width = static_cast<int>(state.range(0));
    const Frame frame = solid_frame(frame_width, frame_width * 9 / 16, {}, {128, 110, 140});
    PictureInput input(256, 144, {1 / 255.0, {}});
    std::vector<float> numbers(std::size_t{256} * 144 * 3);
    for ([[maybe_unused]] auto _ : state)
        input.fill(frame, numbers);
}

void segment(benchmark::State& state, SelfieKind kind) {
    if (!installed(state, kind)) return;
    const auto segmenter = open_selfie(kind);
    const Frame frame = solid_frame(width, height, {}, {128, 110, 140});
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(segmenter->segment(frame));
}

/// The default configuration's part of the mask: mean of three, scaled to the frame.
void refine_mask(benchmark::State& state) {
    MaskRefiner refiner(Config{}, false, width, height);
    const Score score{Plane::filled(256, 144, 100), 0};
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(refiner.refine(score.plane));
}

BENCHMARK_CAPTURE(load_network, landscape, SelfieKind::landscape)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(load_network, square, SelfieKind::square)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inference, landscape, SelfieKind::landscape, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inference, landscape_as_it_is, SelfieKind::landscape, false)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inference, square, SelfieKind::square, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inference, square_as_it_is, SelfieKind::square, false)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inference_with_head, landscape, SelfieKind::landscape)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inference_with_head, square, SelfieKind::square)->Unit(benchmark::kMillisecond);
BENCHMARK(fill_input)->Arg(320)->Arg(640)->Arg(1280)->Arg(1920)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(segment, landscape_720p, SelfieKind::landscape)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(segment, square_720p, SelfieKind::square)->Unit(benchmark::kMillisecond);
BENCHMARK(refine_mask)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace scrim
