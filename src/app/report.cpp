#include "app/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/log.h"

namespace scrim {
namespace {

std::string minutes(double seconds_left) {
    const auto s = std::llround(seconds_left);
    return fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace

int terminal_width() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

std::string summary(const Statistics& statistics) {
    std::string text =
        fmt::format("{} {} in {:.1f} s", statistics.frames,
                    statistics.frames == 1 ? "frame" : "frames", seconds(statistics.elapsed));
    if (statistics.rate() > 0) text += fmt::format(", {:.0f}/s", statistics.rate());
    if (statistics.skipped > 0) {
        text += fmt::format("; {} skipped for a newer one", statistics.skipped);
    }
    if (statistics.broken > 0) text += fmt::format("; {} broken, dropped", statistics.broken);
    if (statistics.without_mask > 0) {
        text += fmt::format("; {} without a person mask", statistics.without_mask);
    }
    const Statistics::MaskAge& age = statistics.mask_age;
    if (age.oldest > Duration{}) {
        text += fmt::format("; masks {:.0f} ms old, at most {:.0f}", age.mean_ms(),
                            milliseconds(age.oldest));
    }
    text += "\nmilliseconds a frame:";
    for (std::size_t i = 0; i < stage_names.size(); ++i) {
        if (statistics.stages[i].count == 0) continue;
        text += fmt::format("  {} {:.2f}", stage_names[i], statistics.stages[i].mean_ms());
    }
    return text;
}

void warn_of_missing(const std::vector<std::string>& missing) {
    for (const std::string& line : missing)
        spdlog::warn("{}; a placeholder is shown until it is there", line);
}

ProgressLine::ProgressLine(std::int64_t frames_expected)
    : expected_(frames_expected), visible_(isatty(STDERR_FILENO) == 1) {}

std::string ProgressLine::text(const Statistics& statistics, std::int64_t frames_expected,
                               int width) {
    const auto done = static_cast<std::int64_t>(statistics.frames);
    const double rate = statistics.rate();
    if (frames_expected <= 0) return fmt::format("{} frames  {:.0f}/s", done, rate);
    // Containers may promise fewer frames than they hold.
    const std::int64_t total = std::max(frames_expected, done);
    std::string numbers =
        fmt::format(" {:3} %  {}/{}  {:.0f}/s", 100 * done / total, done, total, rate);
    if (rate > 0) numbers += fmt::format("  {} left", minutes(double(total - done) / rate));
    const int room = width - static_cast<int>(numbers.size()) - 3;
    if (room < 10) return numbers;
    const int cells = std::min(room, 40);
    const auto full = static_cast<std::size_t>(cells * done / total);
    return "[" + std::string(full, '#') + std::string(static_cast<std::size_t>(cells) - full, '.') +
           "]" + numbers;
}

void ProgressLine::update(const Statistics& statistics) {
    if (!visible_) return;
    fmt::print(stderr, "\r\033[K{}", text(statistics, expected_, terminal_width()));
    std::fflush(stderr);
    drawn_ = true;
}

void ProgressLine::clear() {
    if (!drawn_) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    drawn_ = false;
}

}  // namespace scrim
