#pragma once

#include <cstdint>

#include "util/clock.h"

namespace scrim {

/// What this process has used of all processors so far.
Duration process_cpu_time();

/// The memory that it holds now, libraries included.
std::uint64_t resident_bytes();

}  // namespace scrim
