#pragma once

#include <ctime>

#include "util/clock.h"

namespace scrim {

/// What this process has used of all processors so far.
inline Duration process_cpu_time() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace scrim
