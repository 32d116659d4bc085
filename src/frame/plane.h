#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace scrim {

/// One 8-bit picture plane: `height` rows of `width` bytes, `stride` bytes apart (stride >= width).
///
/// The pixels are shared by count and copied when somebody writes (copy on write): copying a Plane
/// costs a counter, and no holder can change what another one sees. Memory is 64-byte aligned, rows
/// start at multiples of 64 bytes, with at least 64 readable bytes behind the last row; it is taken
/// from and given back to a process-wide pool, so that a running pipeline allocates nothing.
///
/// Threads: one Plane object belongs to one thread at a time; two Planes that share pixels may be
/// used from two threads.
class Plane {
  public:
    Plane() = default;
    /// Pixels are not initialised. Sizes must be positive.
    Plane(int width, int height);
    static Plane filled(int width, int height, std::uint8_t value);
    /// Pixels that belong to somebody else, kept alive by `owner` and never written: the first
    /// write copies.
    static Plane borrowed(const std::uint8_t* pixels, int width, int height, int stride,
                          std::shared_ptr<const void> owner);

    Plane(const Plane& other);
    Plane(Plane&& other) noexcept;
    Plane& operator=(const Plane& other);
    Plane& operator=(Plane&& other) noexcept;
    ~Plane();

    bool empty() const { return pixels_ == nullptr; }
    int width() const { return width_; }
    int height() const { return height_; }
    int stride() const { return stride_; }

    const std::uint8_t* data() const { return pixels_; }
    const std::uint8_t* row(int y) const {
        return pixels_ + static_cast<std::ptrdiff_t>(y) * stride_;
    }

    /// The pixels for changing: copied first if somebody else holds them too.
    std::uint8_t* writable();
    /// The pixels for writing all of them anew: old content is lost, nothing is copied.
    std::uint8_t* overwritable();
    /// Whether writing needs no copy: nobody else holds the pixels, and they are no one else's.
    bool exclusive() const;
    std::uint8_t* writable_row(int y) {
        return writable() + static_cast<std::ptrdiff_t>(y) * stride_;
    }

    /// Whether both show the very same memory.
    bool shares_pixels_with(const Plane& other) const { return pixels_ == other.pixels_; }

    /// Bytes that the pool keeps for reuse at the moment.
    static std::size_t pooled_bytes();
    /// Gives to the system what the pool keeps, and what else was freed: for when much was read or
    /// computed that will not be needed again. From any thread.
    static void release_unused();

  private:
    struct Block;
    void release() noexcept;

    Block* block_ = nullptr;
    const std::uint8_t* pixels_ = nullptr;
    int width_ = 0;
    int height_ = 0;
    int stride_ = 0;
};

}  // namespace scrim
