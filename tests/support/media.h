#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "frame/frame.h"

namespace scrim::test {

/// Calls `see` with every frame of a file and returns how many there were.
int for_each_frame(const std::filesystem::path& path, const std::function<void(const Frame&)>& see);

/// All frames; for small files.
std::vector<Frame> read_frames(const std::filesystem::path& path);
int count_frames(const std::filesystem::path& path);

/// Writes frames into a file by its ending, 1/fps apart.
void write_frames(const std::filesystem::path& path, const std::vector<Frame>& frames,
                  double fps = 30);

/// A folder beside the project that only its makers have: ../shared/NAME; empty where it is
/// missing.
std::filesystem::path shared_folder(const std::string& name);

}  // namespace scrim::test
