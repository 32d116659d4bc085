#include "source/v4l2/incoming.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace scrim {
namespace {

// Tables and headers alone take more than that.
constexpr std::size_t smallest_jpeg = 128;

/// Without the mark of its end a JPEG is cut. What follows the mark is padding, so it is looked for
/// from the back.
bool has_end(std::span<const std::uint8_t> jpeg) {
    for (std::size_t i = jpeg.size() - 1; i > 0; --i) {
        if (jpeg[i - 1] == 0xff && jpeg[i] == 0xd9) return true;
    }
    return false;
}

}  // namespace

bool looks_whole(const v4l2_buffer& buffer, PixelFormat format, const v4l2::Layout& layout,
                 std::span<const std::uint8_t> memory) {
    if ((buffer.flags & V4L2_BUF_FLAG_ERROR) != 0) return false;
    if (buffer.bytesused > memory.size()) return false;
    if (format == PixelFormat::h264) return buffer.bytesused > 0;
    if (format != PixelFormat::mjpeg) return buffer.bytesused >= layout.size;
    return buffer.bytesused >= smallest_jpeg && memory[0] == 0xff && memory[1] == 0xd8 &&
           has_end(memory.first(buffer.bytesused));
}

Time capture_time(const v4l2_buffer& buffer, Time now) {
    if ((buffer.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) != V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) {
        return now;
    }
    const Time stamped{std::chrono::seconds(buffer.timestamp.tv_sec) +
                       std::chrono::microseconds(buffer.timestamp.tv_usec)};
    return stamped == Time{} ? now : std::min(stamped, now);
}

std::uint64_t SequenceCounter::next(std::uint32_t driver_sequence) {
    const std::uint32_t step = driver_sequence - last_;
    const bool forward = step > 0 && step <= std::numeric_limits<std::uint32_t>::max() / 2;
    if (started_) {
        sequence_ += forward ? step : 1;
    } else {
        sequence_ = driver_sequence;
    }
    started_ = true;
    last_ = driver_sequence;
    return sequence_;
}

}  // namespace scrim
