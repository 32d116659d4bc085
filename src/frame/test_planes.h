#pragma once

// Planes compared, and captured pictures made of bytes, for tests.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "frame/captured.h"
#include "frame/frame.h"

namespace scrim::test {

struct Size {
    int width = 0;
    int height = 0;
};

inline std::string describe(Size size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height);
}

/// The largest difference of two pixels; 256 for planes of different size, one of them empty too.
inline int difference(const Plane& a, const Plane& b) {
    if (a.width() != b.width() || a.height() != b.height()) return 256;
    int most = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            most = std::max(most, std::abs(a.row(y)[x] - b.row(y)[x]));
        }
    }
    return most;
}

inline int difference(const Frame& a, const Frame& b) {
    return std::max({difference(a.y, b.y), difference(a.u, b.u), difference(a.v, b.v),
                     difference(a.alpha, b.alpha)});
}

/// Peak signal-to-noise ratio in decibels over the size of `a`, which `b` has at least; 200 where
/// they are equal.
inline double psnr(const Plane& a, const Plane& b) {
    double sum = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x)
            sum += std::pow(a.row(y)[x] - b.row(y)[x], 2);
    }
    if (sum == 0) return 200;
    return 10 * std::log10(255.0 * 255 * a.width() * a.height() / sum);
}

inline Captured captured_of(PixelFormat format, Size size, const std::vector<std::uint8_t>& bytes,
                            std::array<int, 3> strides, std::size_t second, std::size_t third) {
    Captured c;
    c.format = format;
    c.width = size.width;
    c.height = size.height;
    c.data = {bytes.data(), bytes.data() + second, bytes.data() + third};
    c.stride = strides;
    c.size = bytes.size();
    return c;
}

}  // namespace scrim::test
