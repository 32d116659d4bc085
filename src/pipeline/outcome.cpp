#include "pipeline/outcome.h"

#include <utility>

#include "util/thread.h"

namespace scrim {

std::jthread Outcome::spawn(const char* name, std::function<void()> work,
                            std::function<void()> failed) {
    {
        const std::lock_guard lock(mutex_);
        ++running_;
    }
    return std::jthread([this, name, work = std::move(work), failed = std::move(failed)] {
        name_thread(name);
        try {
            work();
        } catch (...) {
            fail(std::current_exception());
            failed();
        }
        // Told under the lock: who waits may destroy this right afterwards.
        const std::lock_guard lock(mutex_);
        --running_;
        changed_.notify_all();
    });
}

void Outcome::wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return running_ == 0; });
}

bool Outcome::wait_for(Duration duration) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, duration, [this] { return running_ == 0; });
}

void Outcome::rethrow() {
    const std::lock_guard lock(mutex_);
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void Outcome::fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
}

}  // namespace scrim
