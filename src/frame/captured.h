#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "frame/frame.h"

namespace scrim {

/// h264 is what some cameras send; their source decodes it, so no Captured carries it.
enum class PixelFormat : std::uint8_t { yu12, nv12, yuyv, rgb24, gray, mjpeg, h264 };

/// Name as people write it ("yuyv"), for messages and configuration.
std::string_view name_of(PixelFormat format);

/// Bytes of one tightly packed picture; 0 for mjpeg and h264, whose pictures have no fixed size.
std::size_t packed_size(PixelFormat format, int width, int height);

/// A picture as a source delivered it, not yet decoded: pointers into memory that `owner` keeps
/// alive (a driver's buffer, a decoder's picture). Dropping the last copy gives the memory back.
struct Captured {
    PixelFormat format = PixelFormat::yu12;
    int width = 0;
    int height = 0;
    /// yu12: Y, U, V; nv12: Y, UV; others: the first only. rgb24: R first in memory.
    std::array<const std::uint8_t*, 3> data{};
    std::array<int, 3> stride{};  // bytes; unused for mjpeg
    std::size_t size = 0;         // bytes at data[0], for mjpeg
    ColorTags tags;               // for rgb24: the tags to convert to
    std::uint64_t sequence = 0;
    Time captured{};
    std::shared_ptr<const void> owner;
};

/// A frame as a source hands it on: its own planes, tags, number and time; nothing is copied. It
/// must be opaque.
Captured captured_of(Frame frame);

}  // namespace scrim
