#include "filter/straight_alpha.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>

namespace scrim {
namespace {

/// Pictures are worked on in blocks of two rows, so that most of them can be passed over: the edge
/// of a person is a small part of the picture. Loops over a whole block are vectorised.
constexpr int block = 64;
using Bytes = std::array<std::uint8_t, block>;
using Numbers = std::array<float, block>;

/// Lets the picture win where neither is visible, without a branch.
constexpr float tiny = 1e-6F;

// Bytes behind `count` are 0: pixels of no weight.
Bytes loaded(const std::uint8_t* from, int count) {
    Bytes bytes{};
    std::memcpy(bytes.data(), from, static_cast<std::size_t>(count));
    return bytes;
}

Bytes filled(std::uint8_t value, int count) {
    Bytes bytes{};
    std::memset(bytes.data(), value, static_cast<std::size_t>(count));
    return bytes;
}

bool all(const Bytes& bytes, std::uint8_t value, int count) {
    const Bytes wanted = filled(value, count);
    return std::memcmp(bytes.data(), wanted.data(), block) == 0;
}

/// The weights of two pixels that lie on each other, 0..255.
struct Weights {
    Numbers top, base;
};

Weights weights_of(const Bytes& top_alpha, const Bytes& base_alpha) {
    Weights weights;
    for (std::size_t i = 0; i < block; ++i) {
        const float top = top_alpha[i];
        weights.top[i] = top;
        weights.base[i] = static_cast<float>(base_alpha[i]) * (255 - top) * (1.F / 255);
    }
    return weights;
}

Bytes mixed(const Bytes& top, const Bytes& base, const Weights& weights) {
    Bytes out;
    for (std::size_t i = 0; i < block; ++i) {
        const float a = weights.top[i] + tiny;
        const float b = weights.base[i];
        const float sum = static_cast<float>(top[i]) * a + static_cast<float>(base[i]) * b;
        const float rounded = sum / (a + b) + 0.5F;
        out[i] = static_cast<std::uint8_t>(static_cast<int>(rounded));
    }
    return out;
}

Bytes alpha_of(const Weights& weights) {
    Bytes out;
    for (std::size_t i = 0; i < block; ++i) {
        const float sum = weights.top[i] + weights.base[i] + 0.5F;
        out[i] = static_cast<std::uint8_t>(static_cast<int>(sum));
    }
    return out;
}

/// The weights of the chroma pixels: sums over both rows and over pairs.
Weights chroma_weights(const Weights& a, const Weights& b) {
    Weights sums{};
    for (std::size_t i = 0; i < block / 2; ++i) {
        sums.top[i] = a.top[2 * i] + a.top[2 * i + 1] + b.top[2 * i] + b.top[2 * i + 1];
        sums.base[i] = a.base[2 * i] + a.base[2 * i + 1] + b.base[2 * i] + b.base[2 * i + 1];
    }
    return sums;
}

/// A part of a frame for reading, from an even pixel on.
struct View {
    const Frame& frame;
    int x, y;

    const std::uint8_t* luma(int row, int column) const {
        return frame.y.row(y + row) + x + column;
    }
    Bytes alpha(int row, int column, int count) const {
        if (frame.opaque()) return filled(255, count);
        return loaded(frame.alpha.row(y + row) + x + column, count);
    }
};

/// The frame that is written, all of whose planes are its own now.
struct Output {
    explicit Output(Frame& image)
        : y(image.y.writable()),
          u(image.u.writable()),
          v(image.v.writable()),
          alpha(image.opaque() ? nullptr : image.alpha.writable()) {}
    std::uint8_t *y, *u, *v, *alpha;
};

void store(const Bytes& bytes, std::uint8_t* to, int count) {
    std::memcpy(to, bytes.data(), static_cast<std::size_t>(count));
}

/// One of `top` and `base` is the frame of which `out` has the planes; `at` is where it begins.
void mix_block(const View& top, const View& base, const View& at, const Output& out, int row,
               int rows, int column, int count) {
    std::array<Weights, 2> weights;
    for (int i = 0; i < rows; ++i) {
        Weights& here = weights[static_cast<std::size_t>(i)];
        here = weights_of(top.alpha(row + i, column, count), base.alpha(row + i, column, count));
        const Bytes luma = mixed(loaded(top.luma(row + i, column), count),
                                 loaded(base.luma(row + i, column), count), here);
        const int y = at.y + row + i;
        const int x = at.x + column;
        store(luma, out.y + std::ptrdiff_t{at.frame.y.stride()} * y + x, count);
        if (out.alpha == nullptr) continue;
        store(alpha_of(here), out.alpha + std::ptrdiff_t{at.frame.alpha.stride()} * y + x, count);
    }
    const Weights sums = chroma_weights(weights[0], weights[rows == 2 ? 1 : 0]);
    const int pairs = chroma_size(count);
    const auto mix_chroma = [&](Plane Frame::*plane, std::uint8_t* to) {
        const auto chroma = [&](const View& view) {
            const Plane& from = view.frame.*plane;
            return loaded(from.row((view.y + row) / 2) + (view.x + column) / 2, pairs);
        };
        const Plane& target = at.frame.*plane;
        store(mixed(chroma(top), chroma(base), sums),
              to + std::ptrdiff_t{target.stride()} * ((at.y + row) / 2) + (at.x + column) / 2,
              pairs);
    };
    mix_chroma(&Frame::u, out.u);
    mix_chroma(&Frame::v, out.v);
}

/// Both pictures from their views on, `width` x `height` pixels; blocks of which `idle(row, column,
/// count)` is true for all rows stay as they are.
template <typename Idle>
void mix(const View& top, const View& base, const View& at, const Output& out, int width,
         int height, const Idle& idle) {
    for (int row = 0; row < height; row += 2) {
        const int rows = std::min(2, height - row);
        for (int column = 0; column < width; column += block) {
            const int count = std::min(block, width - column);
            if (idle(row, column, count) && idle(row + rows - 1, column, count)) continue;
            mix_block(top, base, at, out, row, rows, column, count);
        }
    }
}

}  // namespace

void lay_under(Frame& image, const Frame& base) {
    assert(image.width() == base.width() && image.height() == base.height());
    if (image.opaque()) return;
    const Output out(image);
    const View top{image, 0, 0};
    const View below{base, 0, 0};
    mix(top, below, top, out, image.width(), image.height(), [&](int row, int column, int count) {
        return all(below.alpha(row, column, count), 0, count) ||
               all(top.alpha(row, column, count), 255, count);
    });
}

void lay_over(Frame& image, const Frame& top, int x, int y) {
    assert(x >= 0 && y >= 0 && x % 2 == 0 && y % 2 == 0);
    assert(x + top.width() <= image.width() && y + top.height() <= image.height());
    const Output out(image);
    const View above{top, 0, 0};
    const View below{image, x, y};
    mix(above, below, below, out, top.width(), top.height(), [&](int row, int column, int count) {
        return all(above.alpha(row, column, count), 0, count);
    });
}

}  // namespace scrim
