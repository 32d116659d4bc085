#include "pipeline/worker.h"

#include <utility>

#include "util/thread.h"

namespace scrim {

Worker::Worker(std::string name) : thread_([this, name = std::move(name)] { run(name); }) {}

Worker::~Worker() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_all();
}

void Worker::wait(std::unique_lock<std::mutex>& lock) {
    changed_.wait(lock, [this] { return !job_; });
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void Worker::wait() {
    std::unique_lock lock(mutex_);
    wait(lock);
}

void Worker::start(std::function<void()> job) {
    {
        std::unique_lock lock(mutex_);
        wait(lock);
        job_ = std::move(job);
    }
    changed_.notify_all();
}

void Worker::run(const std::string& name) {
    name_thread(name);
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return ended_ || job_; });
        if (!job_) return;
        lock.unlock();
        std::exception_ptr error;
        try {
            job_();  // nobody changes it before it is done
        } catch (...) {
            error = std::current_exception();
        }
        lock.lock();
        error_ = error;
        job_ = nullptr;
        changed_.notify_all();
    }
}

}  // namespace scrim
