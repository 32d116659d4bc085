#include "compose/blend.h"

#include <cassert>

#include <libyuv.h>

namespace scrim {
namespace {

/// What lies on top is all there is: its planes with base's sequence and time.
Frame replaced(const Frame& base, const Frame& top) {
    Frame out = top;
    out.sequence = base.sequence;
    out.captured = base.captured;
    return out;
}

std::uint8_t mix(int top, int base, int alpha) {
    return static_cast<std::uint8_t>((top * alpha + base * (255 - alpha) + 127) / 255);
}

/// Mean alpha of the pixels under a chroma pixel; at an odd edge there are fewer than four.
int chroma_alpha(const Plane& alpha, int x, int y) {
    const int right = std::min(2 * x + 1, alpha.width() - 1);
    const int bottom = std::min(2 * y + 1, alpha.height() - 1);
    const std::uint8_t* const a = alpha.row(2 * y);
    const std::uint8_t* const b = alpha.row(bottom);
    return (a[2 * x] + a[right] + b[2 * x] + b[right] + 2) / 4;
}

}  // namespace

Frame blended(const Frame& base, const Frame& top) {
    assert(base.opaque() && base.tags == top.tags);
    assert(base.width() == top.width() && base.height() == top.height());
    if (top.opaque()) return replaced(base, top);
    Frame out(base.width(), base.height(), base.tags);
    out.sequence = base.sequence;
    out.captured = base.captured;
    libyuv::I420Blend(top.y.data(), top.y.stride(), top.u.data(), top.u.stride(), top.v.data(),
                      top.v.stride(), base.y.data(), base.y.stride(), base.u.data(),
                      base.u.stride(), base.v.data(), base.v.stride(), top.alpha.data(),
                      top.alpha.stride(), out.y.overwritable(), out.y.stride(),
                      out.u.overwritable(), out.u.stride(), out.v.overwritable(), out.v.stride(),
                      out.width(), out.height());
    return out;
}

Frame blended_reference(const Frame& base, const Frame& top) {
    if (top.opaque()) return replaced(base, top);
    Frame out = base;
    for (int y = 0; y < out.height(); ++y) {
        std::uint8_t* const row = out.y.writable_row(y);
        for (int x = 0; x < out.width(); ++x) {
            row[x] = mix(top.y.row(y)[x], base.y.row(y)[x], top.alpha.row(y)[x]);
        }
    }
    for (int y = 0; y < out.u.height(); ++y) {
        std::uint8_t* const u = out.u.writable_row(y);
        std::uint8_t* const v = out.v.writable_row(y);
        for (int x = 0; x < out.u.width(); ++x) {
            const int alpha = chroma_alpha(top.alpha, x, y);
            u[x] = mix(top.u.row(y)[x], base.u.row(y)[x], alpha);
            v[x] = mix(top.v.row(y)[x], base.v.row(y)[x], alpha);
        }
    }
    return out;
}

}  // namespace scrim
