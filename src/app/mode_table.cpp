#include "app/mode_table.h"

#include <algorithm>

#include <fmt/format.h>

namespace scrim {
namespace {

std::string per_second(double rate) {
    return rate > 0 ? fmt::format("{:.3g}/s", rate) : "?";
}

}  // namespace

std::string mode_table(const std::vector<MeasuredMode>& modes) {
    std::size_t widest = 4;
    bool chosen = false;
    for (const auto& mode : modes) {
        widest = std::max(widest, mode.name.size());
        chosen = chosen || mode.chosen;
    }
    std::string text =
        fmt::format("  {:<{}}  promised     real  first picture  CPU each\n", "mode", widest);
    for (const auto& mode : modes) {
        text += fmt::format("{} {:<{}}  {:>8}", mode.chosen ? '*' : ' ', mode.name, widest,
                            per_second(mode.promised));
        text += mode.problem.empty()
                    ? fmt::format("  {:>7}  {:>10.0f} ms  {:>5.2f} ms\n", per_second(mode.real),
                                  milliseconds(mode.first), mode.milliseconds)
                    : fmt::format("  {}\n", mode.problem);
    }
    if (chosen) text += "* what Scrim takes where nothing else is asked for\n";
    return text;
}

std::string measuring_line(std::size_t done, std::size_t all, const std::string& mode, int width) {
    constexpr std::size_t cells = 20;
    const std::size_t full = all == 0 ? 0 : cells * std::min(done, all) / all;
    const std::string text =
        fmt::format("[{}{}] {} of {}: {}", std::string(full, '#'), std::string(cells - full, '.'),
                    std::min(done + 1, all), all, mode);
    return text.substr(0, static_cast<std::size_t>(std::max(width - 1, 0)));
}

}  // namespace scrim
