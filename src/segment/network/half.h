#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace scrim {

/// Numbers written as 16 bit floats, little-endian; an odd byte at the end is left out.
std::vector<float> floats_of_halves(std::span<const std::uint8_t> bytes);

}  // namespace scrim
