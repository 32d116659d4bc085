#pragma once

#include <memory>

#include "sink/registry.h"

namespace scrim {

/// Whether the request means a virtual camera: no target named, a character device, anything under
/// /dev/video, or a bare number ("10" = /dev/video10).
bool accepts_v4l2loopback(const SinkRequest& request);

/// A device of the kernel module v4l2loopback, by memory-mapped streaming.
std::unique_ptr<Sink> open_v4l2loopback(const SinkRequest& request);

/// BT.601, limited range, whatever the source has: what readers of a virtual camera assume.
ColorTags v4l2loopback_tags(ColorTags source_tags);

}  // namespace scrim
