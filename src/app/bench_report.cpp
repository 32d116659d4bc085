#include "app/bench_report.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "version.h"

namespace scrim {
namespace {

std::string processor() {
    std::ifstream file("/proc/cpuinfo");
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "unknown";
}

/// To ten nanoseconds: small pictures take no more than some of them.
double rounded(double value) {
    constexpr double steps = 100000;
    return std::round(value * steps) / steps;
}

std::string bar(double value, double longest, int columns) {
    constexpr double enough_to_see = 0.01;
    if (columns < 1 || value < enough_to_see) return {};
    const auto length = std::max(1L, std::lround(value / longest * columns));
    std::string blocks;
    for (long i = 0; i < length; ++i)
        blocks += "█";
    return blocks;
}

/// Rows of names and milliseconds, with bars to one scale.
class Table {
  public:
    Table(double longest, int width) : longest_(longest), columns_(width - columns_of_text) {}

    void head(std::string_view text) { text_ += fmt::format("{}\n", text); }
    void row(std::string_view name, double median, std::optional<double> p95 = std::nullopt) {
        std::string line = fmt::format("  {:<9}{:>8.2f}", name, median);
        line += p95 ? fmt::format("{:>8.2f}", *p95) : std::string(8, ' ');
        const std::string picture = bar(median, longest_, columns_);
        text_ += line + (picture.empty() ? "" : "  " + picture) + "\n";
    }
    const std::string& text() const { return text_; }

  private:
    static constexpr int columns_of_text = 2 + 9 + 8 + 8 + 2;
    double longest_;
    int columns_;
    std::string text_;
};

}  // namespace

std::string bench_text(const BenchCase& what, const BenchResult& result, int width) {
    Table table(std::max(result.frame.median, result.floor.total()), width);
    table.head(fmt::format(
        "{}\n{}, {}x{} {} in, {} out, {} frames, {}; milliseconds\n", what.config, what.input,
        what.width, what.height, name_of(what.format), name_of(result.output_format), what.frames,
        what.threads == 1 ? "1 thread" : fmt::format("{} threads", what.threads)));
    table.head(fmt::format("{:<11}{:>8}{:>8}", "pipeline", "median", "p95"));
    for (std::size_t i = 0; i < stage_names.size(); ++i)
        table.row(stage_names[i], result.stages[i].median, result.stages[i].p95);
    table.row("frame", result.frame.median, result.frame.p95);
    table.head("floor");
    table.row("network", result.floor.network);
    table.row("decode", result.floor.decode);
    table.row("copy", result.floor.copy);
    table.row("total", result.floor.total());
    std::string text = table.text();
    text += fmt::format("\n{:.2f} times the floor; {:.2f} ms of CPU a frame; {:.0f} MB resident; ",
                        result.ratio(), result.cpu, result.rss_mb);
    if (result.allocations)
        text += fmt::format("{:.1f} allocations a frame; ", *result.allocations);
    return text + fmt::format("first frame after {:.0f} ms\n", result.first_frame);
}

std::string bench_json(const BenchCase& what, const BenchResult& result) {
    using nlohmann::ordered_json;
    ordered_json json;
    json["config"] = what.config;
    json["input"] = what.input;
    json["size"] = fmt::format("{}x{}", what.width, what.height);
    json["format"] = name_of(what.format);
    json["output_format"] = name_of(result.output_format);
    json["frames"] = what.frames;
    json["threads"] = what.threads;
    json["frame_ms"] = {{"median", rounded(result.frame.median)},
                        {"p95", rounded(result.frame.p95)}};
    json["cpu_ms_per_frame"] = rounded(result.cpu);
    for (std::size_t i = 0; i < stage_names.size(); ++i) {
        const std::string name(stage_names[i]);
        json["stages_ms"][name] = rounded(result.stages[i].median);
        json["stages_p95_ms"][name] = rounded(result.stages[i].p95);
    }
    json["floor_ms"] = {{"network", rounded(result.floor.network)},
                        {"decode", rounded(result.floor.decode)},
                        {"copy", rounded(result.floor.copy)},
                        {"total", rounded(result.floor.total())}};
    json["ratio_to_floor"] = rounded(result.ratio());
    json["rss_mb"] = rounded(result.rss_mb);
    json["allocations_per_frame"] =
        result.allocations ? ordered_json(rounded(*result.allocations)) : ordered_json();
    json["first_frame_ms"] = rounded(result.first_frame);
    json["machine"] = {{"processor", processor()},
                       {"threads", std::thread::hardware_concurrency()}};
    json["compiler"] = fmt::format("{} {}", "g++", __VERSION__);
    json["version"] = version;
    json["date"] = fmt::format(
        "{:%Y-%m-%dT%H:%M:%SZ}",
        fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
    return json.dump(2) + "\n";
}

}  // namespace scrim
