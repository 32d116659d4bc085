#pragma once

#include <cstdint>

namespace scrim {

// Sums of columns over several rows, in 16 bits: up to 257 rows fit.

void add_row(std::uint16_t* sums, const std::uint8_t* row, int count);
/// Adds one row and takes another away.
void exchange_row(std::uint16_t* sums, const std::uint8_t* in, const std::uint8_t* out, int count);
/// Adds sums to sums.
void add_sums(std::uint16_t* sums, const std::uint16_t* more, int count);

}  // namespace scrim
