#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "frame/captured.h"

namespace scrim {

/// A few pictures as a camera would give them, in memory: only so many that they change.
struct BenchInput {
    std::string name;  // for people
    PixelFormat format = PixelFormat::yu12;
    int width = 0;
    int height = 0;
    std::vector<Captured> pictures = {};

    /// Bytes of one picture, the mean where they differ.
    std::size_t bytes() const;
};

struct BenchSize {
    int width = 0;
    int height = 0;
};

/// From a picture or video file, filling the size, what does not fit cut off; without a file the
/// test pattern with a sensor's grain, so that it compresses like a camera's picture. Without a
/// size the file's own, or 1280x720. Throws Error.
BenchInput bench_input(const std::string& file, std::optional<BenchSize> size, PixelFormat format);

}  // namespace scrim
