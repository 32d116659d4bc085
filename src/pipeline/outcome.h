#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "util/clock.h"

namespace scrim {

/// What became of a pipeline's threads: the first error that any of them met, and how many still
/// run. Threads: all methods from any thread.
class Outcome {
  public:
    /// Starts a thread of that name. What `work` throws is kept for rethrow(), then `failed` is
    /// called.
    std::jthread spawn(const char* name, std::function<void()> work, std::function<void()> failed);

    /// Waits until all threads have ended.
    void wait();
    /// Waits at most that long; true once they have.
    bool wait_for(Duration duration);

    /// Throws the first error, once.
    void rethrow();

  private:
    void fail(std::exception_ptr error);

    std::mutex mutex_;
    std::condition_variable changed_;
    int running_ = 0;
    std::exception_ptr error_;
};

}  // namespace scrim
