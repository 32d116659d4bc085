#pragma once

#include <array>
#include <ostream>

#include "frame/frame.h"
#include "frame/test_planes.h"

namespace scrim::test {

inline std::ostream& operator<<(std::ostream& out, Size size) {
    return out << size.width << "x" << size.height;
}

/// From the smallest to the largest picture that must work, odd ones among them.
inline constexpr std::array awkward_sizes{Size{1, 1},      Size{1, 2},    Size{2, 1},
                                          Size{3, 5},      Size{127, 63}, Size{640, 480},
                                          Size{4096, 2160}};

/// Smooth, moving, different in all planes, every colour within RGB: fit for lossy coding too.
Frame gradient_frame(Size size, ColorTags tags, int step);

/// The same picture in memory of its own with rows further apart than needed, not writable by
/// contract.
Frame padded_copy(const Frame& frame);

bool equal(const Plane& a, const Plane& b);

/// Intersection over union of what is above `threshold` in each; 1 where both are empty.
double intersection_over_union(const Plane& a, const Plane& b, int threshold);

}  // namespace scrim::test
