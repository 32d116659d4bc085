#pragma once

#include <chrono>

namespace scrim {

/// The monotonic clock, the same as the one of V4L2's time stamps (CLOCK_MONOTONIC).
using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;

inline double milliseconds(Duration d) {
    return std::chrono::duration<double, std::milli>(d).count();
}
inline double seconds(Duration d) {
    return std::chrono::duration<double>(d).count();
}

}  // namespace scrim
