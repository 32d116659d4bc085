#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include "util/clock.h"

namespace scrim {

/// Hands items from one thread to another, one at a time. With `newest`, putting never waits: an
/// item that nobody took yet is replaced and counted as dropped, so that the taker always finds the
/// newest. With `every`, putting waits until the item before is taken: nothing is lost.
///
/// Threads: all methods from any thread.
template <typename Item>
class Mailbox {
  public:
    enum class Keep { newest, every };

    explicit Mailbox(Keep keep) : keep_(keep) {}

    /// False once the mailbox is closed; the item is then gone.
    bool put(Item item) {
        std::optional<Item> replaced;  // destroyed after the lock is released
        {
            std::unique_lock lock(mutex_);
            if (keep_ == Keep::every) {
                taken_.wait(lock, [this] { return closed_ || !item_; });
            }
            if (closed_) return false;
            if (item_) ++dropped_;
            replaced = std::exchange(item_, std::move(item));
        }
        arrived_.notify_one();
        return true;
    }

    /// Waits for an item; nothing once the mailbox is closed and empty.
    std::optional<Item> take() {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [this] { return closed_ || item_; });
        std::optional<Item> item = std::exchange(item_, std::nullopt);
        lock.unlock();
        taken_.notify_one();
        return item;
    }

    /// Waits no longer than that; nothing also when it was in vain.
    std::optional<Item> take_for(Duration patience) {
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, patience, [this] { return closed_ || item_; });
        std::optional<Item> item = std::exchange(item_, std::nullopt);
        lock.unlock();
        taken_.notify_one();
        return item;
    }

    /// Whether nothing can be taken any more.
    bool exhausted() const {
        const std::lock_guard lock(mutex_);
        return closed_ && !item_;
    }

    /// Throws away what nobody took yet.
    void clear() {
        std::optional<Item> gone;
        {
            const std::lock_guard lock(mutex_);
            std::swap(gone, item_);
        }
        taken_.notify_one();
    }

    /// No more items: an item in the box can still be taken, waiting threads wake up.
    void close() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        arrived_.notify_all();
        taken_.notify_all();
    }

    std::uint64_t dropped() const {
        const std::lock_guard lock(mutex_);
        return dropped_;
    }

  private:
    const Keep keep_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::condition_variable taken_;
    std::optional<Item> item_;
    bool closed_ = false;
    std::uint64_t dropped_ = 0;
};

}  // namespace scrim
