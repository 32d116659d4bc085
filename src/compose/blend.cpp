#include "compose/blend.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <utility>

#include <libyuv.h>

#include "frame/halve.h"
#include "util/avx2.h"

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

/// Luma columns that are looked at together: so that what chroma is under them fills vectors.
constexpr int block = 64;

enum class Shown : std::uint8_t { base, top, both };

/// For each block of two rows of alpha, what is to be seen there.
SCRIM_AVX2_TOO void look_at(const std::uint8_t* a, const std::uint8_t* b, int width, Shown* shown) {
    for (int begin = 0; begin + block <= width; begin += block) {
        std::uint8_t any = 0;
        std::uint8_t all = 255;
        for (int x = begin; x < begin + block; ++x) {
            any = static_cast<std::uint8_t>(any | a[x] | b[x]);
            all = static_cast<std::uint8_t>(all & a[x] & b[x]);
        }
        *shown++ = any == 0 ? Shown::base : all == 255 ? Shown::top : Shown::both;
    }
    if (width % block != 0) *shown = Shown::both;
}

/// chroma_alpha() of whole pairs of columns in two rows.
void mean_alpha(const std::uint8_t* rows, int stride, std::uint8_t* out, int count) {
    if (count == 0) return;
    libyuv::ScalePlane(rows, stride, 2 * count, 2, out, 0, count, 1, libyuv::kFilterBox);
}

/// One plane on another; `out` may be the lower one's own memory.
struct PlaneBlend {
    const Plane& base;
    const Plane& top;
    std::uint8_t* out;
    int stride;

    std::uint8_t* at(int x, int y) const { return out + std::ptrdiff_t{y} * stride + x; }

    void copy(const Plane& from, int x, int y, int width, int height) const {
        for (int row = y; row < y + height; ++row) {
            const std::uint8_t* const in = from.row(row) + x;
            if (in != at(x, row)) std::memcpy(at(x, row), in, static_cast<std::size_t>(width));
        }
    }
    void mix(const std::uint8_t* alpha, int alpha_stride, int x, int y, int width,
             int height) const {
        if (width <= 0) return;
        libyuv::BlendPlane(top.row(y) + x, top.stride(), base.row(y) + x, base.stride(), alpha,
                           alpha_stride, at(x, y), stride, width, height);
    }
};

/// Two rows of luma at a time, and the row of chroma under them.
class FrameBlend {
  public:
    FrameBlend(const Frame& base, const Frame& top, Frame& out)
        : alpha_(top.alpha),
          y_{base.y, top.y, out.y.overwritable(), out.y.stride()},
          u_{base.u, top.u, out.u.overwritable(), out.u.stride()},
          v_{base.v, top.v, out.v.overwritable(), out.v.stride()},
          scratch_(std::max(top.u.width(), top.width() / block + 1), 2) {}

    void run() {
        auto* const shown = reinterpret_cast<Shown*>(scratch_.writable_row(1));
        const int blocks = (alpha_.width() + block - 1) / block;
        for (int y = 0; y < alpha_.height(); y += 2) {
            look_at(alpha_.row(y), alpha_.row(second_of(y)), alpha_.width(), shown);
            for (int begin = 0; begin < blocks;) {
                const int end =
                    static_cast<int>(std::find_if(shown + begin, shown + blocks,
                                                  [&](Shown one) { return one != shown[begin]; }) -
                                     shown);
                show(shown[begin], begin * block, std::min(end * block, alpha_.width()), y);
                begin = end;
            }
        }
    }

  private:
    int second_of(int y) const { return std::min(y + 1, alpha_.height() - 1); }

    void show(Shown what, int begin, int end, int y) {
        const int rows = second_of(y) - y + 1;
        if (what == Shown::both) return mix(begin, end, y, rows);
        const auto from = [what](const PlaneBlend& plane) -> const Plane& {
            return what == Shown::top ? plane.top : plane.base;
        };
        y_.copy(from(y_), begin, y, end - begin, rows);
        for (const PlaneBlend* const plane : {&u_, &v_})
            plane->copy(from(*plane), begin / 2, y / 2, chroma_size(end) - begin / 2, 1);
    }

    void mix(int begin, int end, int y, int rows) {
        const std::uint8_t* const a = alpha_.row(y);
        std::uint8_t* const means = scratch_.writable_row(0);
        mean_alpha(a + begin, rows == 2 ? alpha_.stride() : 0, means + begin / 2,
                   end / 2 - begin / 2);
        if (end % 2 != 0)
            means[end / 2] = static_cast<std::uint8_t>(chroma_alpha(alpha_, end / 2, y / 2));
        // libyuv is many times quicker where the width is a multiple of its vectors.
        const int whole = begin + (end - begin) / block * block;
        for (const auto& [from, to] : {std::pair(begin, whole), std::pair(whole, end)}) {
            y_.mix(a + from, alpha_.stride(), from, y, to - from, rows);
            for (const PlaneBlend* const plane : {&u_, &v_}) {
                plane->mix(means + from / 2, 0, from / 2, y / 2, chroma_size(to) - from / 2, 1);
            }
        }
    }

    const Plane& alpha_;
    PlaneBlend y_, u_, v_;
    Plane scratch_;
};

/// Everything at once, for pictures with even sides: onto a picture that stays, all must be written
/// anyway, and libyuv's vectors take no longer to blend than to copy.
void blend_all(const Frame& base, const Frame& top, Frame& out) {
    const Plane half =
        halved(top.alpha.data(), top.alpha.stride(), top.alpha.width(), top.alpha.height());
    const auto blend = [](const Plane& a, const Plane& b, const Plane& alpha, Plane& to) {
        libyuv::BlendPlane(a.data(), a.stride(), b.data(), b.stride(), alpha.data(), alpha.stride(),
                           to.overwritable(), to.stride(), to.width(), to.height());
    };
    blend(top.y, base.y, top.alpha, out.y);
    blend(top.u, base.u, half, out.u);
    blend(top.v, base.v, half, out.v);
}

}  // namespace

Frame blended(Frame base, const Frame& top) {
    assert(base.opaque() && base.tags == top.tags);
    assert(base.width() == top.width() && base.height() == top.height());
    if (top.opaque()) return replaced(base, top);
    // In base's own memory where nobody else looks at it: there only what top shows is written.
    if (base.y.exclusive() && base.u.exclusive() && base.v.exclusive()) {
        FrameBlend(base, top, base).run();
        return base;
    }
    Frame out(base.width(), base.height(), base.tags);
    out.sequence = base.sequence;
    out.captured = base.captured;
    if (out.width() % 2 == 0 && out.height() % 2 == 0) {
        blend_all(base, top, out);
    } else {
        FrameBlend(base, top, out).run();
    }
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
