#include "source/v4l2/capture_queue.h"

#include <cerrno>
#include <utility>

#include "v4l2/device.h"

namespace scrim {
namespace {

constexpr auto queue_type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
constexpr int wanted_buffers = 4;
// With fewer than two a driver loses the picture that comes while one is being taken out.
constexpr int fewest_queued = 2;

}  // namespace

int CaptureQueue::start() {
    const int count = v4l2::request_buffers(fd(), queue_type, wanted_buffers);
    if (count < 0) return -1;
    if (count == 0) {
        errno = ENOMEM;
        return -1;
    }
    mappings_ = v4l2::map_buffers(fd(), queue_type, count);
    const std::lock_guard lock(mutex_);
    for (std::uint32_t i = 0; i < mappings_.size(); ++i) {
        if (!queue(i)) refused_.push_back(i);
    }
    if (queued_ == 0 || v4l2::stream_on(fd(), queue_type) < 0) return -1;
    streaming_ = true;
    return 0;
}

void CaptureQueue::stop() noexcept {
    const std::lock_guard lock(mutex_);
    if (!device_) return;
    if (streaming_) v4l2::stream_off(fd(), queue_type);
    streaming_ = false;
    // A mapping keeps the device open as a descriptor does: the camera would be in use for the next
    // who opens it, and come back under another number when it is plugged in again. So what is
    // still lent becomes memory of our own.
    for (const auto& mapping : mappings_) {
        if (mapping.use_count() > 1) mapping->detach();
    }
    mappings_.clear();
    v4l2::request_buffers(fd(), queue_type, 0);
    device_ = Fd();
}

int CaptureQueue::dequeue(v4l2_buffer& buffer) {
    buffer = v4l2::buffer_of(queue_type, 0);
    if (v4l2::retry_ioctl(fd(), VIDIOC_DQBUF, &buffer) < 0) return errno == EAGAIN ? 0 : -1;
    if (buffer.index >= mappings_.size()) {
        errno = EIO;
        return -1;
    }
    const std::lock_guard lock(mutex_);
    --queued_;
    return 1;
}

bool CaptureQueue::may_lend() const {
    const std::lock_guard lock(mutex_);
    return queued_ >= fewest_queued;
}

std::span<const std::uint8_t> CaptureQueue::memory(std::uint32_t index) const {
    return {mappings_[index]->data(), mappings_[index]->size()};
}

std::shared_ptr<const void> CaptureQueue::lend(std::uint32_t index) {
    const auto mapping = mappings_[index];
    return {mapping->data(),
            [mapping, index, self = shared_from_this()](const void*) { self->give_back(index); }};
}

void CaptureQueue::give_back(std::uint32_t index) noexcept {
    const std::lock_guard lock(mutex_);
    if (streaming_ && !queue(index)) refused_.push_back(index);
}

void CaptureQueue::retry_refused() {
    const std::lock_guard lock(mutex_);
    if (refused_.empty()) return;
    for (const auto index : std::exchange(refused_, {})) {
        if (!queue(index)) refused_.push_back(index);
    }
}

bool CaptureQueue::queue(std::uint32_t index) {
    v4l2_buffer buffer = v4l2::buffer_of(queue_type, index);
    if (v4l2::retry_ioctl(fd(), VIDIOC_QBUF, &buffer) < 0) return false;
    ++queued_;
    return true;
}

}  // namespace scrim
