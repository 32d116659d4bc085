#include "frame/picture_check.h"

#include <cstddef>
#include <cstring>

namespace scrim {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::int64_t big_endian(Bytes bytes, std::size_t at, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | bytes[at + i];
    return value;
}

/// Markers that stand alone: no length follows.
bool has_no_length(std::uint8_t marker) {
    constexpr std::uint8_t temporary = 0x01;
    return marker == temporary || (marker >= 0xD0 && marker <= 0xD8);  // RST0..RST7, SOI
}

bool is_start_of_frame(std::uint8_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

}  // namespace

PictureCheck check_png(Bytes file) {
    constexpr std::size_t signature = 8;
    constexpr std::size_t chunk_frame = 12;  // length, name and checksum around the data
    PictureCheck result;
    std::size_t at = signature;
    while (at + chunk_frame <= file.size()) {
        const auto length = static_cast<std::size_t>(big_endian(file, at, 4));
        if (length > file.size() - at - chunk_frame) break;
        const auto named = [&](const char* name) {
            return std::memcmp(file.data() + at + 4, name, 4) == 0;
        };
        if (named("IHDR") && length >= 8) {
            result.width = big_endian(file, at + 8, 4);
            result.height = big_endian(file, at + 12, 4);
        }
        if (named("IEND")) {
            result.complete = true;
            break;
        }
        at += length + chunk_frame;
    }
    return result;
}

PictureCheck check_jpeg(Bytes file) {
    constexpr std::uint8_t prefix = 0xFF;
    constexpr std::uint8_t end_of_image = 0xD9;
    PictureCheck result;
    std::size_t at = 0;
    while (at + 2 <= file.size()) {
        // Between segments, and in the coded data, everything but a marker is passed over: FF 00 is
        // a coded FF, and FF FF is filling.
        const std::uint8_t marker = file[at + 1];
        if (file[at] != prefix || marker == 0 || marker == prefix) {
            ++at;
            continue;
        }
        if (marker == end_of_image) {
            result.complete = true;
            break;
        }
        at += 2;
        if (has_no_length(marker)) continue;
        if (at + 2 > file.size()) break;
        if (is_start_of_frame(marker) && result.width == 0 && at + 7 <= file.size()) {
            result.height = big_endian(file, at + 3, 2);
            result.width = big_endian(file, at + 5, 2);
        }
        at += static_cast<std::size_t>(big_endian(file, at, 2));
    }
    return result;
}

}  // namespace scrim
