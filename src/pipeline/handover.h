#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "util/clock.h"

namespace scrim {

/// Hands a newer worker to the thread that works with the present one, without making that thread
/// wait: making and destroying workers, which may take long, is left to the one who offers.
///
/// Threads: adopt() from the working thread, offer() and settle() from one other.
template <typename Worker>
class Handover {
  public:
    /// Offers a worker, in the place of one that was offered before and not taken.
    void offer(std::unique_ptr<Worker> worker) {
        std::unique_lock lock(mutex_);
        std::swap(offered_, worker);
        const auto retired = std::move(retired_);
        lock.unlock();
    }

    /// Waits up to `patience` until the offered one is taken, and destroys what it replaced.
    void settle(Duration patience) {
        std::unique_lock lock(mutex_);
        taken_.wait_for(lock, patience, [this] { return offered_ == nullptr; });
        const auto retired = std::move(retired_);
        lock.unlock();
    }

    /// Replaces `current` by an offered worker if there is one that `fits`.
    template <typename Fits>
    bool adopt(std::unique_ptr<Worker>& current, const Fits& fits) {
        {
            const std::lock_guard lock(mutex_);
            // Where what the last one replaced still waits to be destroyed: one at a time.
            if (!offered_ || retired_ || !fits(*offered_)) return false;
            retired_ = std::exchange(current, std::move(offered_));
        }
        taken_.notify_one();
        return true;
    }

  private:
    std::mutex mutex_;
    std::condition_variable taken_;
    std::unique_ptr<Worker> offered_;
    std::unique_ptr<Worker> retired_;
};

}  // namespace scrim
