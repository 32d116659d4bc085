#pragma once

// What the tests of filters and of the compositor need: pictures, and filters as a configuration
// names them.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/document.h"
#include "filter/registry.h"
#include "frame/frame.h"
#include "frame/test_planes.h"

namespace scrim::test {

/// Every pixel at random: the worst that a filter can meet.
inline Plane noise(int width, int height, unsigned seed) {
    std::minstd_rand random(seed);
    Plane plane(width, height);
    for (int y = 0; y < height; ++y) {
        std::uint8_t* const row = plane.writable_row(y);
        for (int x = 0; x < width; ++x)
            row[x] = static_cast<std::uint8_t>(random() >> 8);
    }
    return plane;
}

inline Frame noise_frame(int width, int height, unsigned seed, ColorTags tags = {}) {
    Frame frame(width, height, tags);
    frame.y = noise(width, height, seed);
    frame.u = noise(frame.u.width(), frame.u.height(), seed + 1);
    frame.v = noise(frame.v.width(), frame.v.height(), seed + 2);
    return frame;
}

/// The same pixels in memory of somebody else, with rows `padding` bytes apart and no room behind
/// the last: what reads too far is found by the address sanitizer.
inline Plane borrowed(const Plane& plane, int padding) {
    if (plane.empty()) return plane;
    const int stride = plane.width() + padding;
    const auto size =
        static_cast<std::size_t>(stride) * static_cast<std::size_t>(plane.height() - 1) +
        static_cast<std::size_t>(plane.width());
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(size, std::uint8_t{0xA5});
    for (int y = 0; y < plane.height(); ++y) {
        std::copy_n(plane.row(y), plane.width(), pixels->data() + std::ptrdiff_t{stride} * y);
    }
    return Plane::borrowed(pixels->data(), plane.width(), plane.height(), stride, pixels);
}

inline Frame borrowed(const Frame& frame, int padding) {
    Frame out = frame;
    out.y = borrowed(frame.y, padding);
    out.u = borrowed(frame.u, padding);
    out.v = borrowed(frame.v, padding);
    out.alpha = borrowed(frame.alpha, padding);
    return out;
}

inline bool is_filled(const Plane& plane, int value) {
    return !plane.empty() &&
           difference(plane, Plane::filled(plane.width(), plane.height(),
                                           static_cast<std::uint8_t>(value))) == 0;
}

/// A filter as it stands in a layer, `["blur", 10]`, prepared for frames like `frame`. Complaints
/// about it are thrown.
inline std::unique_ptr<Filter> filter_of(const std::string& yaml, const Frame& frame,
                                         const std::filesystem::path& folder = ".") {
    Diagnostics diagnostics("test", yaml);
    const Value value = parse_yaml(yaml, diagnostics);
    FilterCall call;
    call.name = value.items.at(0).scalar;
    call.arguments.assign(value.items.begin() + 1, value.items.end());
    call.key = "filter";
    std::unique_ptr<Filter> filter = make_filter(call, folder, diagnostics);
    if (diagnostics.has_errors()) throw ConfigError(diagnostics.render());
    filter->prepare({frame.width(), frame.height(), frame.tags});
    return filter;
}

inline Frame filtered(const std::string& yaml, const Frame& frame) {
    Frame out = frame;
    filter_of(yaml, frame)->apply(out, {});
    return out;
}

}  // namespace scrim::test
