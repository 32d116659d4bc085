#pragma once

#include <memory>
#include <string>

#include "source/registry.h"
#include "v4l2/modes.h"

namespace scrim {

/// Whether the request means a camera: no device named, a character device, anything under
/// /dev/video, or a bare number ("0" = /dev/video0).
bool accepts_v4l2(const SourceRequest& request);

/// A camera through V4L2, by memory-mapped streaming. The pictures are the driver's own buffers and
/// go back to it when the last copy of the Captured is dropped.
std::unique_ptr<Source> open_v4l2(const SourceRequest& request);

/// That camera in exactly that mode of those it offers, at its top rate: for measuring.
std::unique_ptr<Source> open_v4l2_in(const std::string& path, const v4l2::Mode& mode);

}  // namespace scrim
