#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "frame/frame.h"
#include "frame/orientation.h"

namespace scrim {

/// A still picture in memory, as read from a file: R, G, B, A, 8 bit, rows of 4 * width bytes.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgba;
};

/// Reads the first picture of any image file that FFmpeg knows (PNG, JPEG, WebP, GIF, BMP, ...),
/// its orientation tag applied. Throws Error saying what is wrong with the file: missing, a folder,
/// empty, not readable, not a picture, larger than 16384 pixels a side.
Picture read_picture(const std::filesystem::path& path);

/// The picture turned upright.
Picture oriented(Picture picture, Orientation orientation);

/// The same as a grey plane (luma of the colours): for masks.
Plane read_gray_picture(const std::filesystem::path& path);

/// Writes a PNG; alpha is written only if the frame has it. Atomic: a temporary file, then a
/// rename.
void write_png(const Frame& frame, const std::filesystem::path& path);

}  // namespace scrim
