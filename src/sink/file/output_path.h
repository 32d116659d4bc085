#pragma once

#include <filesystem>
#include <string>

#include "sink/registry.h"

namespace scrim {

/// ".mp4" of "a/b.MP4".
std::string extension_of(const std::string& target);

/// Throws Error with the reason if a file cannot be written there: no such folder, a folder itself,
/// no permission, or the file that the pictures come from (which would be emptied by opening it).
void check_output_path(const std::filesystem::path& path, const SinkRequest& request);

/// A rate as the fraction that was probably meant: 29.97 is 30000/1001. 0/1 for 0.
struct FrameRate {
    int numerator = 0;
    int denominator = 1;
};
FrameRate frame_rate_of(double fps);

}  // namespace scrim
