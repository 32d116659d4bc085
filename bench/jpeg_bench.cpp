// A JPEG picture decoded at once, and in two parts: the small one for the network first.
//
//     build/release/bench/scrim_bench --benchmark_filter=jpeg
#include <benchmark/benchmark.h>

#include "app/bench_input.h"
#include "frame/convert.h"

namespace scrim {
namespace {

const Captured& picture() {
    static const BenchInput input = bench_input("", BenchSize{1280, 720}, PixelFormat::mjpeg);
    return input.pictures.front();
}

void jpeg_whole(benchmark::State& state) {
    Decoder decoder;
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(decoder.decode(picture()));
}
BENCHMARK(jpeg_whole)->Unit(benchmark::kMicrosecond);

/// At so many parts of the width and height.
void jpeg_thumbnail(benchmark::State& state) {
    Decoder decoder;
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(decoder.thumbnail(picture(), static_cast<int>(state.range(0))));
}
BENCHMARK(jpeg_thumbnail)->Arg(4)->Arg(8)->Unit(benchmark::kMicrosecond);

void jpeg_thumbnail_and_rest(benchmark::State& state) {
    Decoder decoder;
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(decoder.thumbnail(picture(), 4));
        benchmark::DoNotOptimize(decoder.rest());
    }
}
BENCHMARK(jpeg_thumbnail_and_rest)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace scrim
