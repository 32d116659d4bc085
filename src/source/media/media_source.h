#pragma once

#include <memory>

#include "source/registry.h"

namespace scrim {

/// A picture, a video file, or a URL that FFmpeg opens.
bool accepts_media(const SourceRequest& request);
std::unique_ptr<Source> open_media(const SourceRequest& request);

}  // namespace scrim
