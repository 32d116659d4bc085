#pragma once

#include <memory>

#include "sink/registry.h"

namespace scrim {

/// Compressed video: .mp4, .mov and .mkv with H.264, .webm with VP9.
bool accepts_video(const SinkRequest& request);
std::unique_ptr<Sink> open_video(const SinkRequest& request);

}  // namespace scrim
