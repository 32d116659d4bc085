#include "filter/draw_over.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace scrim {
namespace {

constexpr int opaque = 255;

std::uint8_t divided_by_255(std::uint16_t value) {
    const auto rounded = static_cast<std::uint16_t>(value + 128);
    return static_cast<std::uint8_t>((rounded + (rounded >> 8)) >> 8);
}

void lay_on_opaque(std::uint8_t* base, const std::uint8_t* top, const std::uint8_t* alpha,
                   int width) {
    for (int x = 0; x < width; ++x) {
        base[x] = divided_by_255(
            static_cast<std::uint16_t>(top[x] * alpha[x] + base[x] * (opaque - alpha[x])));
    }
}

/// Where neither is visible the base stays: it always weighs a little.
void lay_on(std::uint8_t* base, const std::uint8_t* base_alpha, const std::uint8_t* top,
            const std::uint8_t* alpha, int width) {
    constexpr float little = 1e-3F;
    for (int x = 0; x < width; ++x) {
        const auto top_weight = static_cast<float>(opaque * alpha[x]);
        const auto base_weight = static_cast<float>(base_alpha[x] * (opaque - alpha[x])) + little;
        const float weight = top_weight + base_weight;
        const float sum = static_cast<float>(top[x]) * top_weight +
                          static_cast<float>(base[x]) * base_weight + weight / 2;  // rounds
        base[x] = static_cast<std::uint8_t>(static_cast<int>(sum / weight));
    }
}

void unite_alpha(std::uint8_t* base, const std::uint8_t* top, int width) {
    for (int x = 0; x < width; ++x) {
        const int clear = (opaque - base[x]) * (opaque - top[x]);
        base[x] =
            static_cast<std::uint8_t>(opaque - divided_by_255(static_cast<std::uint16_t>(clear)));
    }
}

/// The means of 2x2 pixels, beginning at two rows; `b` is `a` where there is no second row.
void halve(const std::uint8_t* a, const std::uint8_t* b, int width, std::uint8_t* out) {
    for (int x = 0; x < width / 2; ++x) {
        out[x] =
            static_cast<std::uint8_t>((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) / 4);
    }
    if (width % 2 != 0) {
        out[width / 2] = static_cast<std::uint8_t>((a[width - 1] + b[width - 1] + 1) / 2);
    }
}

/// Where in a plane the picture begins.
struct Corner {
    std::uint8_t* pixels;
    std::ptrdiff_t stride;
    std::uint8_t* row(int y) const { return pixels + y * stride; }
};
Corner corner(Plane& plane, int x, int y) {
    std::uint8_t* const pixels = plane.writable();
    return {pixels + static_cast<std::ptrdiff_t>(y) * plane.stride() + x, plane.stride()};
}

void copy(const Plane& picture, const Corner& out) {
    for (int y = 0; y < picture.height(); ++y)
        std::memcpy(out.row(y), picture.row(y), static_cast<std::size_t>(picture.width()));
}

void draw_chroma(Frame& image, const Frame& picture, const Corner& u, const Corner& v,
                 const Corner& base_alpha) {
    Plane means(picture.u.width(), 2);  // of the picture's alpha, and of the image's
    std::uint8_t* const top_mean = means.overwritable();
    std::uint8_t* const base_mean = top_mean + means.stride();
    const int last = picture.height() - 1;
    const int width = picture.u.width();
    for (int y = 0; y < picture.u.height(); ++y) {
        const int below = std::min(2 * y + 1, last);
        halve(picture.alpha.row(2 * y), picture.alpha.row(below), picture.width(), top_mean);
        if (image.opaque()) {
            lay_on_opaque(u.row(y), picture.u.row(y), top_mean, width);
            lay_on_opaque(v.row(y), picture.v.row(y), top_mean, width);
            continue;
        }
        halve(base_alpha.row(2 * y), base_alpha.row(below), picture.width(), base_mean);
        lay_on(u.row(y), base_mean, picture.u.row(y), top_mean, width);
        lay_on(v.row(y), base_mean, picture.v.row(y), top_mean, width);
    }
}

}  // namespace

void draw_over(Frame& image, const Frame& picture, int x, int y) {
    assert(x % 2 == 0 && y % 2 == 0 && x >= 0 && y >= 0);
    assert(x + picture.width() <= image.width() && y + picture.height() <= image.height());
    const Corner luma = corner(image.y, x, y);
    const Corner u = corner(image.u, x / 2, y / 2);
    const Corner v = corner(image.v, x / 2, y / 2);
    const Corner alpha = image.opaque() ? Corner{} : corner(image.alpha, x, y);
    const int width = picture.width();
    if (picture.opaque()) {
        copy(picture.y, luma);
        copy(picture.u, u);
        copy(picture.v, v);
        for (int row = 0; !image.opaque() && row < picture.height(); ++row)
            std::memset(alpha.row(row), opaque, static_cast<std::size_t>(width));
        return;
    }
    draw_chroma(image, picture, u, v, alpha);
    for (int row = 0; row < picture.height(); ++row) {
        const std::uint8_t* const top_alpha = picture.alpha.row(row);
        if (image.opaque()) {
            lay_on_opaque(luma.row(row), picture.y.row(row), top_alpha, width);
            continue;
        }
        lay_on(luma.row(row), alpha.row(row), picture.y.row(row), top_alpha, width);
        unite_alpha(alpha.row(row), top_alpha, width);
    }
}

}  // namespace scrim
