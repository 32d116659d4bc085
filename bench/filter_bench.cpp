// The cost of every filter at 1280x720, by the example that it is explained with, and of some at
// other sizes: one apply() of a picture that somebody else holds, too, as in a running pipeline.
// scripts/document-costs makes doc/filter-costs.md of it.

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>
#include <opencv2/core/utility.hpp>
#include <unistd.h>

#include "config/config.h"
#include "filter/registry.h"
#include "filter/test_pictures.h"
#include "frame/picture.h"
#include "sink/registry.h"

namespace scrim {
namespace {

constexpr int width = 1280;
constexpr int height = 720;

/// Beside the examples: what it costs to turn a filter up. A name and a layer.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> variations{{
    {"blur 3", R"(input: [["blur", 3]])"},
    {"blur 101", R"(input: [["blur", 101]])"},
    {"gaussian_blur 5", R"(input: [["gaussian_blur", 5]])"},
    {"gaussian_blur 21", R"(input: [["gaussian_blur", 21]])"},
    {"gaussian_blur 61", R"(input: [["gaussian_blur", 61]])"},
    {"flip vertically", R"(input: [["flip", false, true]])"},
    {"grayscale of the person", R"(foreground: ["grayscale"])"},
}};

/// A person in the middle third with an edge of 16 soft pixels.
Plane person() {
    Plane mask(width, height);
    for (int y = 0; y < height; ++y) {
        std::uint8_t* const row = mask.writable_row(y);
        for (int x = 0; x < width; ++x) {
            const int inside = std::min(x - width / 3, 2 * width / 3 - x);
            row[x] = static_cast<std::uint8_t>(std::clamp(inside * 16, 0, 255));
        }
    }
    return mask;
}

/// The folder with what the examples name; removed at the end of the program.
class ExampleFiles {
  public:
    ExampleFiles()
        : folder_(std::filesystem::temp_directory_path() /
                  fmt::format("scrim-bench-{}", ::getpid())) {
        std::filesystem::create_directories(folder_);
    }
    ~ExampleFiles() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    ExampleFiles(const ExampleFiles&) = delete;
    ExampleFiles& operator=(const ExampleFiles&) = delete;

    const std::filesystem::path& folder() const { return folder_; }

    /// Makes what is named in quotes and looks like a file, or like a folder of pictures.
    void make(const std::string& layer) const {
        const bool sequence = layer.find("image_sequence") != std::string::npos;
        for (std::size_t open = layer.find('"'); open != std::string::npos;) {
            const std::size_t close = layer.find('"', open + 1);
            if (close == std::string::npos) break;
            make_file(layer.substr(open + 1, close - open - 1), sequence);
            open = layer.find('"', close + 1);
        }
    }

  private:
    void make_file(const std::string& name, bool sequence) const {
        const std::string ending = std::filesystem::path(name).extension();
        if (std::filesystem::exists(folder_ / name)) return;
        if (ending == ".png") {
            write_png(test::noise_frame(640, 360, 3), folder_ / name);
        } else if (ending == ".mp4" || ending == ".mkv" || ending == ".webm") {
            write_video(folder_ / name);
        } else if (sequence && ending.empty() && name != "image_sequence") {
            std::filesystem::create_directories(folder_ / name);
            for (unsigned i = 0; i < 3; ++i) {
                write_png(test::noise_frame(640, 360, i),
                          folder_ / name / fmt::format("{}.png", i));
            }
        }
    }

    static void write_video(const std::filesystem::path& path) {
        SinkRequest request;
        request.target = path.string();
        request.width = width;
        request.height = height;
        request.fps = 30;
        const auto sink = find_sink_kind(request).open(request);
        Frame frame = solid_frame(width, height, {}, {120, 110, 140});
        for (int i = 0; i < 30; ++i) {
            frame.captured = Time{} + i * std::chrono::milliseconds(33);
            sink->write(frame);
        }
        sink->finish();
    }

    std::filesystem::path folder_;
};

const ExampleFiles& example_files() {
    static const ExampleFiles files;
    return files;
}

void filter_cost(benchmark::State& state, const std::string& layer) {
    cv::setNumThreads(0);
    example_files().make(layer);
    const std::string text = "layers:\n  - " + layer + "\n";
    Diagnostics diagnostics("bench.yaml", text);
    const Config config = parse_config(text, example_files().folder(), diagnostics);
    const LayerSpec& spec = config.layers.at(0);
    const auto made = make_filter(spec.filters.at(0), config.folder, diagnostics);
    if (diagnostics.has_errors()) return state.SkipWithError(diagnostics.render().c_str());
    made->prepare({.width = width, .height = height, .tags = {}});
    if (!made->missing().empty()) return state.SkipWithError(made->missing().c_str());

    const Plane mask = person();
    Frame in = test::noise_frame(width, height, 1);
    if (spec.source == LayerSource::foreground) in.alpha = mask;
    FrameContext context;
    context.mask = &mask;
    for ([[maybe_unused]] auto _ : state) {
        Frame out = in;
        made->apply(out, context);
        benchmark::DoNotOptimize(out.y.data());
        ++context.index;
        context.time += std::chrono::milliseconds(33);
    }
}

[[maybe_unused]] const bool registered = [] {
    const auto add = [](std::string_view name, std::string_view layer) {
        benchmark::RegisterBenchmark(fmt::format("filter_cost/{}", name).c_str(), filter_cost,
                                     std::string(layer))
            ->Unit(benchmark::kMicrosecond);
    };
    for (const FilterKind& kind : filter_kinds())
        add(kind.name, kind.example);
    for (const auto& [name, layer] : variations)
        add(name, layer);
    return true;
}();

}  // namespace
}  // namespace scrim
