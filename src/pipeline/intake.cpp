#include "pipeline/intake.h"

#include <chrono>
#include <thread>
#include <utility>

#include "util/log.h"

namespace scrim {
namespace {

/// A driver needs a moment to let go of a camera whose last picture is still being looked at.
std::shared_ptr<Source> open_patiently(const SourceRequest& request) {
    constexpr int attempts = 20;
    constexpr auto moment = std::chrono::milliseconds(50);
    for (int i = 1; i < attempts; ++i) {
        try {
            return open_source(request);
        } catch (const Error&) {
            std::this_thread::sleep_for(moment);
        }
    }
    return open_source(request);
}

}  // namespace

Intake::Intake(const SourceRequest& request, Mailbox<Captured>& mailbox)
    : mailbox_(mailbox), request_(request), next_(open_source(request)), info_(next_->info()) {}

StreamInfo Intake::info() const {
    const std::lock_guard lock(mutex_);
    return info_;
}

std::uint64_t Intake::dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_before_ + (present_ ? present_->counters().dropped : 0);
}

void Intake::stop() noexcept {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (present_) present_->interrupt();
    moved_.notify_all();
}

void Intake::run() {
    try {
        while (const auto source = next_source())
            read(*source);
    } catch (...) {
        mailbox_.close();
        throw;
    }
    mailbox_.close();
}

void Intake::read(Source& source) {
    try {
        while (auto picture = source.next()) {
            if (!mailbox_.put(std::move(*picture))) return stop();
        }
    } catch (const Error&) {
        const std::lock_guard lock(mutex_);
        if (!changing_) throw;
    }
}

/// Waits while a change is under way. Nothing = the end.
std::shared_ptr<Source> Intake::next_source() {
    std::unique_lock lock(mutex_);
    if (present_) dropped_before_ += present_->counters().dropped;
    present_.reset();
    moved_.notify_all();
    moved_.wait(lock, [this] { return stopped_ || next_ || !changing_; });
    if (!next_ && lost_) next_ = reopened(lock);
    if (stopped_ || !next_) return nullptr;
    present_ = std::exchange(next_, nullptr);
    return present_;
}

/// Tries once a second; nothing = stopped, or another change came first.
std::shared_ptr<Source> Intake::reopened(std::unique_lock<std::mutex>& lock) {
    constexpr auto pause = std::chrono::seconds(1);
    while (!moved_.wait_for(lock, pause, [this] { return stopped_ || next_; })) {
        if (changing_) continue;
        const SourceRequest request = request_;
        lock.unlock();
        std::shared_ptr<Source> source;
        try {
            source = open_source(request);
        } catch (const Error& error) {
            spdlog::debug("{}", error.what());
        }
        lock.lock();
        if (source && !next_ && !stopped_) {
            lost_ = false;
            info_ = source->info();
            return source;
        }
    }
    return std::exchange(next_, nullptr);
}

bool Intake::change(const SourceRequest& request, const Ready& ready) {
    const auto set_changing = [this](bool changing) {
        const std::lock_guard lock(mutex_);
        changing_ = changing;
        moved_.notify_all();
    };
    set_changing(true);
    bool changed = false;
    try {
        std::shared_ptr<Source> source = open_other(request);
        changed = ready(source->info());
        if (changed) put_next(request, std::move(source));
    } catch (...) {
        go_back();
        set_changing(false);
        throw;
    }
    if (!changed) go_back();
    set_changing(false);
    return changed;
}

void Intake::put_next(const SourceRequest& request, std::shared_ptr<Source> source) {
    const std::lock_guard lock(mutex_);
    request_ = request;
    info_ = source->info();
    next_ = std::move(source);
    lost_ = false;
    if (present_) present_->interrupt();
}

std::shared_ptr<Source> Intake::open_other(const SourceRequest& request) {
    try {
        return open_source(request);
    } catch (const Error& error) {
        spdlog::debug("not beside the present source: {}", error.what());
    }
    release();
    return open_patiently(request);
}

/// Opens the source before again if it was closed.
void Intake::go_back() {
    {
        const std::lock_guard lock(mutex_);
        if (present_ || next_ || stopped_) return;
    }
    std::shared_ptr<Source> before;
    try {
        before = open_patiently(request_);
    } catch (const Error& error) {
        spdlog::warn("{}; trying again every second", error.what());
    }
    const std::lock_guard lock(mutex_);
    lost_ = before == nullptr;
    next_ = std::move(before);
}

/// Ends the present source and waits until it is closed.
void Intake::release() {
    std::unique_lock lock(mutex_);
    if (present_) present_->interrupt();
    moved_.wait(lock, [this] { return stopped_ || !present_; });
    next_.reset();
    lock.unlock();
    mailbox_.clear();
}

}  // namespace scrim
