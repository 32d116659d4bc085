#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "util/clock.h"

namespace scrim {

/// How often durations of which length occurred: for quantiles over any stretch of time, without
/// keeping the durations. The later of two states minus the earlier one is the stretch between.
///
/// Eight classes an octave from 10 microseconds to 80 seconds: a quantile is off by 4.5 % at most.
/// Threads: a plain value.
class Histogram {
  public:
    void add(Duration duration) {
        ++counts_.at(class_of(duration));
        ++total_;
    }

    std::uint64_t count() const { return total_; }

    /// The duration that this share (0..1) of them did not exceed; 0 of none.
    Duration quantile(double share) const {
        const auto wanted = static_cast<std::uint64_t>(
            std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(total_)));
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < classes; ++i) {
            seen += counts_.at(i);
            if (total_ > 0 && seen >= std::max<std::uint64_t>(wanted, 1)) return middle_of(i);
        }
        return {};
    }

    Histogram& operator-=(const Histogram& earlier) {
        for (std::size_t i = 0; i < classes; ++i)
            counts_.at(i) -= earlier.counts_.at(i);
        total_ -= earlier.total_;
        return *this;
    }
    friend Histogram operator-(Histogram later, const Histogram& earlier) {
        return later -= earlier;
    }

  private:
    static constexpr double per_octave = 8;
    static constexpr double shortest = 1e-5;  // seconds
    static constexpr std::size_t classes = 184;

    static std::size_t class_of(Duration duration) {
        const double octaves = std::log2(std::max(seconds(duration), shortest) / shortest);
        return std::min(static_cast<std::size_t>(octaves * per_octave), classes - 1);
    }
    static Duration middle_of(std::size_t i) {
        const double s = shortest * std::exp2((static_cast<double>(i) + 0.5) / per_octave);
        return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(s));
    }

    std::array<std::uint32_t, classes> counts_{};
    std::uint64_t total_ = 0;
};

}  // namespace scrim
