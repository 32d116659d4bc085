#pragma once

#include <array>
#include <cstdint>

#include "frame/plane.h"

namespace scrim {

/// scale * pixel + offset, rounded and clamped to 0..255.
Plane linear(const Plane& in, double scale, double offset);

/// `table[pixel]`: any map of single bytes.
using ByteMap = std::array<std::uint8_t, 256>;
Plane mapped(const Plane& in, const ByteMap& table);

/// The mean of the four luma pixels (at odd edges of two or one) that share a chroma pixel; of the
/// chroma planes' size. Where colour depends on luma, this is the luma it depends on.
Plane luma_under_chroma(const Plane& luma);

/// The whole number nearest to `value`, clamped to a byte.
std::uint8_t byte_of(double value);

}  // namespace scrim
