#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace scrim {

/// Does one job at a time on a thread of its own, which sleeps in between.
///
/// Threads: all methods from one thread at a time, which may be another Worker's.
class Worker {
  public:
    /// The name is the thread's (see name_thread()).
    explicit Worker(std::string name);
    /// Waits for the present job; what it throws is gone.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Waits for the job before, if there is one, and hands this one over. Throws what the job
    /// before threw; then this one is not done. Asks for no memory where the job captures two
    /// pointers or less.
    void start(std::function<void()> job);
    /// Waits for the present job, if there is one; throws what it threw.
    void wait();

  private:
    void run(const std::string& name);
    void wait(std::unique_lock<std::mutex>& lock);

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::function<void()> job_;  // to be done, or being done
    std::exception_ptr error_;
    bool ended_ = false;
    std::jthread thread_;  // last: it must end before what it uses
};

}  // namespace scrim
