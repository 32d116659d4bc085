#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

namespace scrim {

/// How often the process has asked for memory: by malloc() and its relatives, so operator new and
/// all libraries are in it. Nothing where nobody counts: only a program that has
/// count_allocations.cpp among its sources does, and none under a sanitizer.
std::optional<std::uint64_t> allocations();

/// What count_allocations.cpp counts with.
extern std::atomic<std::uint64_t> allocation_count;

}  // namespace scrim
