#pragma once

#include <atomic>

#include "util/clock.h"
#include "util/fd.h"

namespace scrim {

/// What Source::interrupt() sets, and a sleep that it ends. trigger() may be called from any thread
/// and from a signal handler.
class Interrupt {
  public:
    Interrupt();

    void trigger() noexcept;
    bool triggered() const { return flag_.load(); }
    /// For what looks at a flag from time to time; it lives as long as this.
    const std::atomic<bool>* flag() const { return &flag_; }

    /// Readable from trigger() on: for who waits with poll() for something else too.
    int descriptor() const { return event_.get(); }

    /// false = interrupted before the time came.
    bool sleep_until(Time time) const;

  private:
    static_assert(std::atomic<bool>::is_always_lock_free, "needed in a signal handler");
    std::atomic<bool> flag_{false};
    Fd event_;
};

}  // namespace scrim
