#include "app/window.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace scrim {
namespace {

/// What a person, or a plot, can use of a number.
double rounded(double value) {
    return std::round(100 * value) / 100;
}

double quantile_ms(const Histogram& histogram, double share) {
    return milliseconds(histogram.quantile(share));
}

}  // namespace

double Window::rate() const {
    return length <= Duration{} ? 0 : static_cast<double>(frames()) / seconds(length);
}

double Window::stage_ms(std::size_t stage) const {
    const auto& last = now.stages.at(stage);
    const auto& first = before.stages.at(stage);
    const std::uint64_t count = last.count - first.count;
    return count == 0 ? 0 : milliseconds(last.total - first.total) / static_cast<double>(count);
}

double Window::mask_age_ms() const {
    const std::uint64_t count = now.mask_age.count - before.mask_age.count;
    const Duration total = now.mask_age.total - before.mask_age.total;
    return count == 0 ? 0 : milliseconds(total) / static_cast<double>(count);
}

std::string line_of(const Window& window) {
    const Histogram latency = window.latency();
    std::string text = fmt::format("{:5.1f}/s  latency {:.1f} {:.1f} {:.1f} ms ", window.rate(),
                                   quantile_ms(latency, 0.5), quantile_ms(latency, 0.95),
                                   quantile_ms(latency, 0.99));
    for (std::size_t i = 0; i < stage_names.size(); ++i)
        text += fmt::format(" {} {:.2f}", stage_names.at(i), window.stage_ms(i));
    text +=
        fmt::format("  mask {:.0f} ms old  CPU {:.1f}%", window.mask_age_ms(), 100 * window.cpu);
    const auto add = [&text](std::uint64_t count, const char* what) {
        if (count > 0) text += fmt::format("  {} {}", count, what);
    };
    add(window.now.skipped - window.before.skipped, "skipped");
    add(window.now.broken - window.before.broken, "broken");
    add(window.now.without_mask - window.before.without_mask, "without a mask");
    if (window.paused) {
        text += "  paused";
    } else if (window.now.covers > window.before.covers) {
        text += "  cover shown";
    }
    if (!window.now.effort.empty()) text += "  " + window.now.effort;
    return text;
}

nlohmann::json json_of(const Window& window) {
    const Histogram latency = window.latency();
    nlohmann::json stages;
    for (std::size_t i = 0; i < stage_names.size(); ++i)
        stages[std::string(stage_names.at(i))] = rounded(window.stage_ms(i));
    return {{"seconds", rounded(seconds(window.since_start))},
            {"rate", rounded(window.rate())},
            {"frames", window.now.frames},
            {"covers", window.now.covers},
            {"skipped", window.now.skipped},
            {"broken", window.now.broken},
            {"without_mask", window.now.without_mask},
            {"latency_ms",
             {{"p50", rounded(quantile_ms(latency, 0.5))},
              {"p95", rounded(quantile_ms(latency, 0.95))},
              {"p99", rounded(quantile_ms(latency, 0.99))}}},
            {"stages_ms", std::move(stages)},
            {"mask_age_ms", rounded(window.mask_age_ms())},
            {"cpu_percent", rounded(100 * window.cpu)},
            {"rss_mb", rounded(window.rss_mb)},
            {"effort", window.now.effort},
            {"paused", window.paused},
            {"source", window.source},
            {"sinks", window.sinks}};
}

void WindowMaker::complete(Window& window) {
    const Time time = Clock::now();
    const Duration cpu = process_cpu_time();
    window.since_start = time - start_;
    window.length = time - std::exchange(last_, time);
    window.cpu = seconds(cpu - std::exchange(cpu_, cpu)) / std::max(seconds(window.length), 1e-6);
    window.rss_mb = static_cast<double>(resident_bytes()) / (1024.0 * 1024.0);
    window.before = std::exchange(before_, window.now);
}

}  // namespace scrim
