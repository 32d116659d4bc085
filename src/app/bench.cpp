#include <charconv>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "app/bench_input.h"
#include "app/bench_measure.h"
#include "app/bench_report.h"
#include "app/columns.h"
#include "app/commands.h"
#include "app/options.h"

namespace scrim {
namespace {

struct BenchOptions {
    std::filesystem::path config;
    std::string size;
    PixelFormat format = PixelFormat::yuyv;
    std::string input;
    int frames = 120;
    std::optional<int> threads;
    bool json = false;
};

std::optional<BenchSize> size_of(const std::string& text) {
    if (text.empty()) return std::nullopt;
    constexpr int largest = 16384;
    BenchSize size;
    const char* const end = text.data() + text.size();
    const auto [cross, bad_width] = std::from_chars(text.data(), end, size.width);
    const bool has_cross = bad_width == std::errc() && cross != end && *cross == 'x';
    const auto [rest, bad_height] = std::from_chars(has_cross ? cross + 1 : end, end, size.height);
    const bool fits =
        std::min(size.width, size.height) >= 2 && size.width <= largest && size.height <= largest;
    if (bad_height != std::errc() || rest != end || !fits) {
        throw Error("--size {}: write width and height as in 1280x720", text);
    }
    return size;
}

void bench(const BenchOptions& options) {
    const Time start = Clock::now();
    const BenchInput input = bench_input(options.input, size_of(options.size), options.format);
    const Duration preparation = Clock::now() - start;
    Scene scene = scene_of_option(options.config);
    if (options.threads) scene.config.threads = options.threads;
    const int threads = threads_of(scene.config);
    const BenchResult result = measure(std::move(scene), input, options.frames, preparation);
    const BenchCase what{.config = name_of_config(options.config),
                         .input = input.name,
                         .format = input.format,
                         .width = input.width,
                         .height = input.height,
                         .frames = options.frames,
                         .threads = threads};
    fmt::print("{}", options.json ? bench_json(what, result)
                                  : bench_text(what, result, Paper::of_standard_output().width));
}

}  // namespace

void add_bench(CLI::App& app) {
    auto* const command = app.add_subcommand("bench", "Measure what a frame costs on this machine");
    auto options = std::make_shared<BenchOptions>();
    add_config_option(*command, options->config);
    command
        ->add_option("--size", options->size,
                     "size of the pictures (otherwise the input's own, or 1280x720)")
        ->type_name("WxH");
    const std::map<std::string, PixelFormat> formats{{"yu12", PixelFormat::yu12},
                                                     {"yuyv", PixelFormat::yuyv},
                                                     {"nv12", PixelFormat::nv12},
                                                     {"mjpeg", PixelFormat::mjpeg}};
    command
        ->add_option("--format", options->format,
                     "how the camera gives them: yu12, yuyv (the default), nv12 or mjpeg")
        ->type_name("FORMAT")
        ->transform(CLI::CheckedTransformer(formats).description(""));
    command
        ->add_option("--input", options->input,
                     "picture or video to take them from (otherwise a test pattern)")
        ->type_name("FILE");
    command->add_option("--frames", options->frames, "how many frames to measure")
        ->type_name("N")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    command->add_option("--threads", options->threads, "as `threads` in the configuration")
        ->type_name("N")
        ->check(CLI::Range(1, most_threads));
    command->add_flag("--json", options->json, "print the result for programs");
    command->footer(
        "From memory to memory, without camera and virtual camera. The floor is what cannot be\n"
        "saved: the network alone, decoding JPEG alone, a copy of the frame in and one out.\n\n"
        "  scrim bench --config office.yaml --format mjpeg --size 1920x1080");
    command->callback([options] { bench(*options); });
}

}  // namespace scrim
