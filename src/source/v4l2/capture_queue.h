#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include <linux/videodev2.h>

#include "util/fd.h"
#include "v4l2/buffers.h"

namespace scrim {

/// The buffers of a camera that go round between the driver and whoever holds their pictures.
///
/// Threads: start(), dequeue(), lend() and stop() belong to the source's thread; a loan may end on
/// any thread, also after stop() and after the source is gone: its memory stays mapped until then.
class CaptureQueue : public std::enable_shared_from_this<CaptureQueue> {
  public:
    /// Takes the open and configured device. Errors are negative results with errno, so that the
    /// source can say them in its words.
    explicit CaptureQueue(Fd device) : device_(std::move(device)) {}
    CaptureQueue(const CaptureQueue&) = delete;
    CaptureQueue& operator=(const CaptureQueue&) = delete;
    ~CaptureQueue() { stop(); }

    int fd() const { return device_.get(); }
    std::size_t size() const { return mappings_.size(); }

    /// Has buffers made, hands all to the driver and starts it.
    int start();
    /// Closes the device for good, whatever is lent.
    void stop() noexcept;

    /// Takes a filled buffer from the driver: 1; there is none: 0; -1: errno.
    int dequeue(v4l2_buffer& buffer);

    /// Whether the driver has enough buffers left for this one to be lent.
    bool may_lend() const;

    std::span<const std::uint8_t> memory(std::uint32_t index) const;

    /// Keeps the buffer's memory alive; the buffer goes back to the driver when the last copy is
    /// dropped.
    std::shared_ptr<const void> lend(std::uint32_t index);

    void give_back(std::uint32_t index) noexcept;

    /// Tries again to queue buffers that the driver refused.
    void retry_refused();

  private:
    bool queue(std::uint32_t index);

    Fd device_;
    std::vector<std::shared_ptr<const v4l2::Mapping>> mappings_;
    mutable std::mutex mutex_;
    bool streaming_ = false;
    int queued_ = 0;                      // how many the driver has
    std::vector<std::uint32_t> refused_;  // given back, but QBUF failed
};

}  // namespace scrim
