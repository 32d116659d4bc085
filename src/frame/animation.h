#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include "util/clock.h"
#include "util/error.h"

namespace scrim {

/// How long a picture of an animation is shown: 10 ms or less mean 100 ms, as browsers have it,
/// since many files were made with such times by programs that meant "as usual".
inline Duration animation_duration(Duration written) {
    constexpr Duration too_short = std::chrono::milliseconds(10);
    constexpr Duration usual = std::chrono::milliseconds(100);
    return written <= too_short ? usual : written;
}

/// Throws Error for an animation whose canvas, of which several are needed, is beyond reason.
inline void check_animation_size(const std::string& name, int width, int height) {
    constexpr std::int64_t most_pixels = std::int64_t{1} << 26;
    if (std::int64_t{width} * height <= most_pixels) return;
    throw Error("cannot open {}: {}x{} is too large for an animation", name, width, height);
}

}  // namespace scrim
