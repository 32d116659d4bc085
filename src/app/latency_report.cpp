#include "app/latency_report.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

namespace scrim {
namespace {

/// 1, 2 or 5 times a power of ten, so that about ten of them fill the range.
int bin_width(double range) {
    constexpr double bins = 10;
    int power = 1;
    while (true) {
        for (const int factor : {1, 2, 5}) {
            if (factor * power * bins >= range) return factor * power;
        }
        power *= 10;
    }
}

/// Of sorted delays.
double percentile(const std::vector<Duration>& sorted, double share) {
    const auto rank =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return milliseconds(sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1]);
}

std::string histogram(const std::vector<Duration>& sorted) {
    constexpr std::size_t longest = 40;
    const double least = milliseconds(sorted.front());
    const int width = bin_width(milliseconds(sorted.back()) - least);
    const int first = static_cast<int>(std::floor(least / width));
    std::vector<std::size_t> bins;
    for (const Duration delay : sorted) {
        const auto bin = static_cast<std::size_t>(
            static_cast<int>(std::floor(milliseconds(delay) / width)) - first);
        bins.resize(std::max(bins.size(), bin + 1));
        ++bins[bin];
    }
    const std::size_t most = *std::max_element(bins.begin(), bins.end());
    std::string text;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        const int low = (first + static_cast<int>(i)) * width;
        const std::size_t length = (bins[i] * longest + most - 1) / most;
        text += fmt::format("{:>6} - {:<5} {:<{}} {}\n", low, low + width, std::string(length, '#'),
                            longest, bins[i]);
    }
    return text;
}

}  // namespace

std::uint16_t ShownCodes::show(Time now) {
    times_[count_ % kept] = now;
    return static_cast<std::uint16_t>(count_++);
}

std::optional<Time> ShownCodes::when(std::uint16_t number) const {
    // How many were shown since, modulo 65,536.
    const auto age = static_cast<std::uint16_t>(static_cast<std::uint16_t>(count_ - 1) - number);
    if (count_ == 0 || age >= std::min<std::uint64_t>(count_, kept)) return std::nullopt;
    return times_[(count_ - 1 - age) % kept];
}

std::string latency_report(std::vector<Duration> delays, std::size_t unread) {
    std::sort(delays.begin(), delays.end());
    constexpr double most_of_them = 0.95;
    return fmt::format(
        "{} pictures with a code, {} without\n"
        "median {:.1f} ms, p95 {:.1f} ms, least {:.1f} ms, most {:.1f} ms\n\n{}",
        delays.size(), unread, percentile(delays, 0.5), percentile(delays, most_of_them),
        milliseconds(delays.front()), milliseconds(delays.back()), histogram(delays));
}

}  // namespace scrim
