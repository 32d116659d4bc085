#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "util/clock.h"

namespace scrim {

/// When each code was shown, for a while: numbers come again after 65,536.
class ShownCodes {
  public:
    /// The next number, shown at that time.
    std::uint16_t show(Time now);
    /// Nothing for a number that was not shown lately.
    std::optional<Time> when(std::uint16_t number) const;

  private:
    static constexpr std::size_t kept = 1024;
    std::vector<Time> times_ = std::vector<Time>(kept);
    std::uint64_t count_ = 0;
};

/// Median, 95th percentile, extremes and a histogram of the delays; `unread` pictures had no code
/// that could be read. Several lines. There must be a delay.
std::string latency_report(std::vector<Duration> delays, std::size_t unread);

}  // namespace scrim
