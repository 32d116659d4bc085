#include "frame/halve.h"

#include <libyuv.h>

#include "frame/frame.h"

namespace scrim {

Plane half_as_high(const std::uint8_t* in, int stride, int width, int height) {
    Plane out(width, chroma_size(height));
    for (int y = 0; y < out.height(); ++y) {
        const std::uint8_t* const a = in + std::ptrdiff_t{2} * y * stride;
        const std::uint8_t* const b = 2 * y + 1 < height ? a + stride : a;
        std::uint8_t* const row = out.writable_row(y);
        for (int x = 0; x < width; ++x)
            row[x] = static_cast<std::uint8_t>((a[x] + b[x] + 1) / 2);
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
