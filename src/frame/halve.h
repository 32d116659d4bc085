#pragma once

#include <cstdint>

#include "frame/plane.h"

namespace scrim {

/// Half as high, or half of both sides, as chroma is: each pixel is the mean of two or four, and
/// the last row or column of an odd size counts twice.
Plane half_as_high(const std::uint8_t* in, int stride, int width, int height);
Plane halved(const std::uint8_t* in, int stride, int width, int height);

}  // namespace scrim
