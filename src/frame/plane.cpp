#include "frame/plane.h"

#include <atomic>
#include <cassert>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include <malloc.h>

namespace scrim {
namespace {

constexpr std::size_t alignment = 64;  // a cache line, and the widest vector register
constexpr std::size_t slack = 64;      // vector code may read past the last row

constexpr int aligned_stride(int width) {
    constexpr int mask = static_cast<int>(alignment) - 1;
    return (width + mask) & ~mask;
}

}  // namespace

/// A reference count with its pixels behind it, or (capacity 0) with the owner of borrowed ones.
struct alignas(alignment) Plane::Block {
    std::atomic<int> holders{1};
    std::size_t capacity = 0;
    std::shared_ptr<const void> owner;

    std::uint8_t* bytes() { return reinterpret_cast<std::uint8_t*>(this + 1); }

    static Block* make(std::size_t capacity) {
        void* memory = ::operator new (sizeof(Block) + capacity, std::align_val_t{alignment});
        auto* block = new (memory) Block;
        block->capacity = capacity;
        return block;
    }
    static void destroy(Block* block) {
        block->~Block();
        ::operator delete (block, std::align_val_t{alignment});
    }

    /// Blocks without holders, kept for the next plane of that size. A running pipeline asks for
    /// the same few sizes again and again; what an earlier size left is freed from the front once
    /// the limit is reached.
    struct Pool {
        static constexpr std::size_t limit = std::size_t{64} << 20;
        std::mutex mutex;
        std::vector<Block*> free;
        std::size_t bytes = 0;
    };
    static Pool& pool() {
        static auto* const instance = new Pool;  // outlives every static Plane
        return *instance;
    }

    static Block* take(std::size_t capacity) {
        {
            Pool& p = pool();
            const std::lock_guard lock(p.mutex);
            for (std::size_t i = p.free.size(); i-- > 0;) {
                Block* const block = p.free[i];
                if (block->capacity != capacity) continue;
                p.free.erase(p.free.begin() + static_cast<std::ptrdiff_t>(i));
                p.bytes -= capacity;
                block->holders.store(1, std::memory_order_relaxed);
                return block;
            }
        }
        return make(capacity);
    }

    static void give_back(Block* block) {
        block->owner.reset();
#ifdef __SANITIZE_ADDRESS__
        destroy(block);  // so that a use after the last holder is found
#else
        Pool& p = pool();
        const std::lock_guard lock(p.mutex);
        p.free.push_back(block);
        p.bytes += block->capacity;
        while (p.bytes > Pool::limit) {
            p.bytes -= p.free.front()->capacity;
            destroy(p.free.front());
            p.free.erase(p.free.begin());
        }
#endif
    }
};

void Plane::release_unused() {
    std::vector<Block*> unused;
    {
        Block::Pool& p = Block::pool();
        const std::lock_guard lock(p.mutex);
        unused.swap(p.free);
        p.bytes = 0;
    }
    for (Block* const block : unused)
        Block::destroy(block);
    malloc_trim(0);
}

Plane::Plane(int width, int height) : width_(width), height_(height) {
    assert(width > 0 && height > 0);
    stride_ = aligned_stride(width);
    block_ =
        Block::take(static_cast<std::size_t>(stride_) * static_cast<std::size_t>(height) + slack);
    pixels_ = block_->bytes();
}

Plane Plane::filled(int width, int height, std::uint8_t value) {
    Plane plane(width, height);
    std::memset(plane.overwritable(), value,
                static_cast<std::size_t>(plane.stride_) * static_cast<std::size_t>(height));
    return plane;
}

Plane Plane::borrowed(const std::uint8_t* pixels, int width, int height, int stride,
                      std::shared_ptr<const void> owner) {
    assert(pixels != nullptr && width > 0 && height > 0 && stride >= width);
    Plane plane;
    plane.block_ = Block::take(0);
    plane.block_->owner = std::move(owner);
    plane.pixels_ = pixels;
    plane.width_ = width;
    plane.height_ = height;
    plane.stride_ = stride;
    return plane;
}

Plane::Plane(const Plane& other)
    : block_(other.block_),
      pixels_(other.pixels_),
      width_(other.width_),
      height_(other.height_),
      stride_(other.stride_) {
    if (block_ != nullptr) block_->holders.fetch_add(1, std::memory_order_relaxed);
}

Plane::Plane(Plane&& other) noexcept
    : block_(std::exchange(other.block_, nullptr)),
      pixels_(std::exchange(other.pixels_, nullptr)),
      width_(std::exchange(other.width_, 0)),
      height_(std::exchange(other.height_, 0)),
      stride_(std::exchange(other.stride_, 0)) {}

Plane& Plane::operator=(const Plane& other) {
    if (this != &other) *this = Plane(other);
    return *this;
}

Plane& Plane::operator=(Plane&& other) noexcept {
    std::swap(block_, other.block_);
    std::swap(pixels_, other.pixels_);
    std::swap(width_, other.width_);
    std::swap(height_, other.height_);
    std::swap(stride_, other.stride_);
    return *this;
}

Plane::~Plane() {
    release();
}

void Plane::release() noexcept {
    if (block_ == nullptr) return;
    if (block_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) Block::give_back(block_);
    block_ = nullptr;
}

bool Plane::exclusive() const {
    return block_ != nullptr && block_->capacity > 0 &&
           block_->holders.load(std::memory_order_acquire) == 1;
}

std::uint8_t* Plane::overwritable() {
    assert(!empty());
    if (!exclusive()) *this = Plane(width_, height_);
    return block_->bytes();
}

std::uint8_t* Plane::writable() {
    assert(!empty());
    if (!exclusive()) {
        Plane copy(width_, height_);
        std::uint8_t* const out = copy.block_->bytes();
        for (int y = 0; y < height_; ++y) {
            std::memcpy(out + static_cast<std::ptrdiff_t>(y) * copy.stride_, row(y),
                        static_cast<std::size_t>(width_));
        }
        *this = std::move(copy);
    }
    return block_->bytes();
}

std::size_t Plane::pooled_bytes() {
    Block::Pool& p = Block::pool();
    const std::lock_guard lock(p.mutex);
    return p.bytes;
}

}  // namespace scrim
