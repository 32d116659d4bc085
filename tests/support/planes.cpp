#include "support/planes.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

namespace scrim::test {
namespace {

Plane gradient(int width, int height, int from, int to, int step) {
    Plane plane(width, height);
    for (int y = 0; y < height; ++y) {
        std::uint8_t* const row = plane.writable_row(y);
        for (int x = 0; x < width; ++x) {
            const int wave = (x + 2 * y + 3 * step) % 512;
            const int up = wave < 256 ? wave : 511 - wave;
            row[x] = static_cast<std::uint8_t>(from + (to - from) * up / 255);
        }
    }
    return plane;
}

Plane padded(const Plane& plane) {
    const int stride = plane.width() + 37;
    auto memory = std::make_shared<std::vector<std::uint8_t>>(
        static_cast<std::size_t>(stride) * static_cast<std::size_t>(plane.height()), 0xEE);
    for (int y = 0; y < plane.height(); ++y) {
        std::memcpy(memory->data() + static_cast<std::ptrdiff_t>(y) * stride, plane.row(y),
                    static_cast<std::size_t>(plane.width()));
    }
    const std::uint8_t* const pixels = memory->data();
    return Plane::borrowed(pixels, plane.width(), plane.height(), stride, std::move(memory));
}

}  // namespace

Frame gradient_frame(Size size, ColorTags tags, int step) {
    const int cw = chroma_size(size.width);
    const int ch = chroma_size(size.height);
    Frame frame;
    frame.y = gradient(size.width, size.height, 70, 180, step);
    frame.u = gradient(cw, ch, 100, 156, step + 40);
    frame.v = gradient(cw, ch, 156, 100, step + 80);
    frame.tags = tags;
    frame.sequence = static_cast<std::uint64_t>(step);
    return frame;
}

Frame padded_copy(const Frame& frame) {
    Frame copy = frame;
    copy.y = padded(frame.y);
    copy.u = padded(frame.u);
    copy.v = padded(frame.v);
    if (!frame.opaque()) copy.alpha = padded(frame.alpha);
    return copy;
}

bool equal(const Plane& a, const Plane& b) {
    return a.width() == b.width() && a.height() == b.height() && psnr(a, b) == 200;
}

double intersection_over_union(const Plane& a, const Plane& b, int threshold) {
    std::int64_t both = 0;
    std::int64_t either = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const bool in_a = a.row(y)[x] > threshold;
            const bool in_b = b.row(y)[x] > threshold;
            both += in_a && in_b ? 1 : 0;
            either += in_a || in_b ? 1 : 0;
        }
    }
    return either == 0 ? 1 : static_cast<double>(both) / static_cast<double>(either);
}

}  // namespace scrim::test
