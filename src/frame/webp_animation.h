#pragma once

#include <filesystem>
#include <memory>

#include "frame/clip_reader.h"

namespace scrim {

/// Whether the file begins like a WebP file that moves. False for files that cannot be read.
bool is_animated_webp(const std::filesystem::path& path);

/// Reads it with libwebp's own decoder: FFmpeg's stops at the first sign of an animation. The file
/// is kept in memory. Throws Error.
std::unique_ptr<ClipReader> open_webp_animation(const std::filesystem::path& path,
                                                const ClipReader::Options& options);

}  // namespace scrim
