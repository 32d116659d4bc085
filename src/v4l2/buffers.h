#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <linux/videodev2.h>

namespace scrim::v4l2 {

/// One driver's buffer mapped into memory; unmapped when dropped. The memory stays valid after the
/// device was closed or unplugged.
class Mapping {
  public:
    /// Throws Error.
    Mapping(int fd, std::uint32_t offset, std::size_t size);
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping();

    /// Puts a copy of the bytes in the place of the driver's buffer, so that this memory no longer
    /// keeps the device open. Addresses stay valid, also while others read through them.
    void detach() const noexcept;

    std::uint8_t* data() const { return data_; }
    std::size_t size() const { return size_; }
    std::uint32_t offset() const { return offset_; }

  private:
    std::uint8_t* data_ = nullptr;
    std::size_t size_ = 0;
    std::uint32_t offset_ = 0;
};

/// A v4l2_buffer filled in for asking about one memory-mapped buffer of a queue.
v4l2_buffer buffer_of(v4l2_buf_type type, std::uint32_t index);

/// Asks the driver for about `count` buffers of its queue. Returns how many there are, or -1 with
/// errno set; 0 gives all of them back.
int request_buffers(int fd, v4l2_buf_type type, std::uint32_t count);

/// Maps the `count` buffers that the driver has made. Throws Error.
std::vector<std::shared_ptr<const Mapping>> map_buffers(int fd, v4l2_buf_type type, int count);

/// Starts or stops the queue. Returns what ioctl returns, errno set.
int stream_on(int fd, v4l2_buf_type type);
int stream_off(int fd, v4l2_buf_type type);

}  // namespace scrim::v4l2
