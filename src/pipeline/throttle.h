#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "util/clock.h"

namespace scrim {

/// Lets at most so many pictures a second through, as evenly as they come.
class Throttle {
  public:
    /// Nothing = all of them.
    void limit(std::optional<double> per_second) {
        interval_ = per_second ? std::chrono::duration_cast<Duration>(
                                     std::chrono::duration<double>(1 / *per_second))
                               : Duration{};
    }

    bool pass(Time captured) {
        if (interval_ == Duration{}) return true;
        // A camera's pictures come a little early or late.
        if (captured < due_ - interval_ / 8) return false;
        // What one was late the next may be early, but a pause is not made up for.
        due_ = std::max(due_, captured - interval_) + interval_;
        return true;
    }

  private:
    Duration interval_{};
    Time due_{};
};

}  // namespace scrim
