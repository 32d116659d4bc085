#include "v4l2/buffers.h"

#include <cerrno>
#include <cstring>

#include <sys/mman.h>

#include "v4l2/device.h"

namespace scrim::v4l2 {

Mapping::Mapping(int fd, std::uint32_t offset, std::size_t size) : size_(size), offset_(offset) {
    // Several drivers refuse to map for reading only.
    void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
    if (memory == MAP_FAILED) {
        throw Error("cannot map the driver's picture buffers: {}", system_message(errno));
    }
    data_ = static_cast<std::uint8_t*>(memory);
}

Mapping::~Mapping() {
    ::munmap(data_, size_);
}

void Mapping::detach() const noexcept {
    void* const copy =
        ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (copy == MAP_FAILED) return;
    std::memcpy(copy, data_, size_);
    // The kernel exchanges the pages under its lock: a reader sees the old bytes or the same new.
    if (::mremap(copy, size_, size_, MREMAP_MAYMOVE | MREMAP_FIXED, data_) == MAP_FAILED) {
        ::munmap(copy, size_);
    }
}

v4l2_buffer buffer_of(v4l2_buf_type type, std::uint32_t index) {
    v4l2_buffer buffer{};
    buffer.type = type;
    buffer.memory = V4L2_MEMORY_MMAP;
    buffer.index = index;
    return buffer;
}

int request_buffers(int fd, v4l2_buf_type type, std::uint32_t count) {
    v4l2_requestbuffers request{};
    request.count = count;
    request.type = type;
    request.memory = V4L2_MEMORY_MMAP;
    if (retry_ioctl(fd, VIDIOC_REQBUFS, &request) < 0) return -1;
    return static_cast<int>(request.count);
}

std::vector<std::shared_ptr<const Mapping>> map_buffers(int fd, v4l2_buf_type type, int count) {
    std::vector<std::shared_ptr<const Mapping>> mappings;
    for (int i = 0; i < count; ++i) {
        v4l2_buffer buffer = buffer_of(type, static_cast<std::uint32_t>(i));
        if (retry_ioctl(fd, VIDIOC_QUERYBUF, &buffer) < 0) {
            throw Error("cannot ask for the driver's picture buffers: {}", system_message(errno));
        }
        mappings.push_back(std::make_shared<const Mapping>(fd, buffer.m.offset, buffer.length));
    }
    return mappings;
}

int stream_on(int fd, v4l2_buf_type type) {
    int value = static_cast<int>(type);
    return retry_ioctl(fd, VIDIOC_STREAMON, &value);
}

int stream_off(int fd, v4l2_buf_type type) {
    int value = static_cast<int>(type);
    return retry_ioctl(fd, VIDIOC_STREAMOFF, &value);
}

}  // namespace scrim::v4l2
