#include "frame/halve.h"

#include <cstring>

#include <libyuv.h>

#include "frame/frame.h"

namespace scrim {

Plane half_as_high(const std::uint8_t* in, int stride, int width, int height) {
    Plane out(width, chroma_size(height));
    constexpr int half = 128;
    std::uint8_t* const pixels = out.overwritable();
    libyuv::InterpolatePlane(in, 2 * stride, in + stride, 2 * stride, pixels, out.stride(), width,
                             height / 2, half);
    if (height % 2 != 0) {
        std::memcpy(pixels + std::ptrdiff_t{height / 2} * out.stride(),
                    in + std::ptrdiff_t{height - 1} * stride, static_cast<std::size_t>(width));
    }
    return out;
}

Plane halved(const std::uint8_t* in, int stride, int width, int height) {
    Plane out(chroma_size(width), chroma_size(height));
    if (width % 2 == 0 && height % 2 == 0) {
        libyuv::ScalePlane(in, stride, width, height, out.overwritable(), out.stride(), out.width(),
                           out.height(), libyuv::kFilterBox);
        return out;
    }
    for (int y = 0; y < out.height(); ++y) {
        const std::uint8_t* const a = in + std::ptrdiff_t{2} * y * stride;
        const std::uint8_t* const b = 2 * y + 1 < height ? a + stride : a;
        std::uint8_t* const row = out.writable_row(y);
        for (int x = 0; x < width / 2; ++x) {
            row[x] = static_cast<std::uint8_t>(
                (a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) / 4);
        }
        if (width % 2 != 0)
            row[width / 2] = static_cast<std::uint8_t>((a[width - 1] + b[width - 1] + 1) / 2);
    }
    return out;
}

}  // namespace scrim
