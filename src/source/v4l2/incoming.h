#pragma once

#include <cstdint>
#include <span>

#include <linux/videodev2.h>

#include "frame/captured.h"
#include "v4l2/layout.h"

namespace scrim {

/// Whether a filled buffer can be a whole picture: marked as good by the driver and, for raw
/// pictures, long enough; a JPEG must start as one and have an end. Bytes after it are harmless.
bool looks_whole(const v4l2_buffer& buffer, PixelFormat format, const v4l2::Layout& layout,
                 std::span<const std::uint8_t> memory);

/// When the picture was taken: the driver's time stamp if it is of the monotonic clock and not in
/// the future, else `now`.
Time capture_time(const v4l2_buffer& buffer, Time now);

/// Turns the driver's 32-bit numbers into ones that always go up: they may wrap, and some drivers
/// leave them at zero.
class SequenceCounter {
  public:
    std::uint64_t next(std::uint32_t driver_sequence);

  private:
    bool started_ = false;
    std::uint32_t last_ = 0;
    std::uint64_t sequence_ = 0;
};

}  // namespace scrim
