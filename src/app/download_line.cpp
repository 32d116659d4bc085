#include "app/download_line.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "app/models.h"
#include "app/report.h"

namespace scrim {
namespace {

std::string bar(std::int64_t have, std::int64_t total, int cells) {
    const auto full = static_cast<std::size_t>(cells * std::min(have, total) / total);
    const auto all = static_cast<std::size_t>(cells);
    return "[" + std::string(full, '#') + std::string(all - full, '.') + "]";
}

}  // namespace

DownloadLine::DownloadLine() : terminal_(isatty(STDERR_FILENO) == 1) {}

std::string DownloadLine::text(const std::string& file, std::int64_t have, std::int64_t total,
                               double bytes_a_second, int width) {
    constexpr int narrowest = 10;
    constexpr int widest = 40;
    if (have == 0 && total == 0) return file + " ...";
    std::string numbers = have > 0 ? shown_bytes(have) : "0";
    if (total > 0) numbers += " of " + shown_bytes(total);
    if (bytes_a_second >= 1) {
        numbers += "  " + shown_bytes(static_cast<std::int64_t>(bytes_a_second)) + "/s";
    }
    constexpr std::size_t longest = 28;  // so that the bar keeps its width
    const auto used = static_cast<int>(file.size() + std::max(numbers.size(), longest));
    const int room = width - used - 7;  // two gaps, two brackets, the last column
    if (total == 0 || room < narrowest) return file + "  " + numbers;
    return fmt::format("{}  {}  {}", file, bar(have, total, std::min(room, widest)), numbers);
}

void DownloadLine::begin(const std::string& file, std::int64_t have, std::int64_t total) {
    file_ = file;
    first_ = have;
    began_ = Clock::now();
    shown_ = {};
    if (!terminal_) {
        fmt::print(stderr, "fetching {}{}\n", file,
                   total > 0 ? ", " + shown_bytes(total) : std::string());
    }
}

void DownloadLine::update(const std::string& file, std::int64_t have, std::int64_t total) {
    if (file != file_) begin(file, have, total);
    constexpr std::chrono::milliseconds pause(100);
    const auto now = Clock::now();
    if (!terminal_ || now - shown_ < pause) return;
    shown_ = now;
    const double seconds = std::chrono::duration<double>(now - began_).count();
    const double rate = seconds > 0 ? static_cast<double>(have - first_) / seconds : 0;
    fmt::print(stderr, "\r\033[K{}", text(file, have, total, rate, terminal_width()));
    std::fflush(stderr);
    drawn_ = true;
}

void DownloadLine::clear() {
    if (!drawn_) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    drawn_ = false;
}

}  // namespace scrim
