#include "pipeline/intake.h"

#include <chrono>
#include <thread>
#include <utility>

#include "util/log.h"

namespace scrim {
namespace {

// Between two attempts to open a camera that is gone. Somebody who plugs it in again waits no
// longer; asking costs a look at the nodes in /dev.
constexpr auto pause = std::chrono::milliseconds(500);

/// What is said of a camera that nobody could ask yet.
StreamInfo expected_info(const SourceRequest& request) {
    StreamInfo info;
    info.name = request.device.empty() ? "the first camera" : request.device;
    info.width = request.width.value_or(1280);
    info.height = request.height.value_or(720);
    info.rate = {static_cast<int>(request.fps.value_or(usual_rate)), 1};
    info.live = true;
    return info;
}

void add(Source::Counters& sum, const Source::Counters& more) {
    sum.delivered += more.delivered;
    sum.dropped += more.dropped;
    sum.stale += more.stale;
}

}  // namespace

Intake::Intake(const SourceRequest& request, Mailbox<Incoming>& mailbox, SourceOpener open)
    : mailbox_(mailbox), open_(std::move(open)), live_(request.live), request_(request) {
    try {
        next_ = open_(request);
        info_ = next_->info();
    } catch (const Error& error) {
        if (!live_ || !find_source_kind(request).comes_back) throw;
        info_ = expected_info(request);
        lose(error.what());
    }
}

StreamInfo Intake::info() const {
    const std::lock_guard lock(mutex_);
    return info_;
}

Source::Counters Intake::counters() const {
    const std::lock_guard lock(mutex_);
    Source::Counters sum = before_;
    if (present_) add(sum, present_->counters());
    return sum;
}

void Intake::stop() noexcept {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    interrupt_present();
    moved_.notify_all();
}

void Intake::want(bool pictures) {
    if (!live_) return;
    const std::lock_guard lock(mutex_);
    if (wanted_ == pictures) return;
    wanted_ = pictures;
    if (!wanted_) {
        interrupt_present();
        mailbox_.put(std::nullopt);
    }
    moved_.notify_all();
}

void Intake::interrupt_present() {
    interrupted_ = true;
    if (present_) present_->interrupt();
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
            if (!pass_on(std::move(*picture))) return;
        }
        const std::lock_guard lock(mutex_);
        ended_ = !interrupted_;
    } catch (const Error& error) {
        if (!live_) throw;
        const std::lock_guard lock(mutex_);
        if (!interrupted_) lose(error.what());
    }
}

/// False where no more pictures shall come.
bool Intake::pass_on(Captured picture) {
    if (!live_) {  // waits until it is taken
        if (mailbox_.put(std::move(picture))) return true;
        stop();
        return false;
    }
    const std::lock_guard lock(mutex_);
    if (interrupted_) return false;
    if (std::exchange(lost_, false)) spdlog::info("pictures come from {}", info_.name);
    if (mailbox_.put(std::move(picture))) return true;
    stopped_ = true;
    return false;
}

/// Says it once, however often the source is tried in vain.
void Intake::lose(const std::string& why) {
    mailbox_.put(std::nullopt);
    if (std::exchange(lost_, true)) {
        spdlog::debug("{}", why);
    } else {
        spdlog::warn("{}; the cover is shown until there are pictures again", why);
    }
}

/// Waits for the next source to be read, or for the present one to be had again. Nothing = the end.
std::shared_ptr<Source> Intake::next_source() {
    std::unique_lock lock(mutex_);
    if (present_) add(before_, present_->counters());
    present_.reset();
    moved_.notify_all();
    while (true) {
        moved_.wait(lock,
                    [this] { return stopped_ || next_ || (!changing_ && (wanted_ || ended_)); });
        if (stopped_) return nullptr;
        if (!next_ && !ended_) next_ = open_again(lock);
        if (!next_ && ended_) return nullptr;
        if (!wanted_) next_.reset();
        if (stopped_ || !next_) continue;
        present_ = std::exchange(next_, nullptr);
        interrupted_ = ended_ = false;
        return present_;
    }
}

/// One attempt, and a pause where it is in vain.
std::shared_ptr<Source> Intake::open_again(std::unique_lock<std::mutex>& lock) {
    const SourceRequest request = request_again();
    lock.unlock();
    std::shared_ptr<Source> source;
    std::string why;
    try {
        source = open_(request);
    } catch (const Error& error) {
        why = error.what();
    }
    lock.lock();
    const auto overtaken = [this] { return stopped_ || changing_ || next_ || !wanted_; };
    if (overtaken()) return std::move(next_);
    if (source) {
        info_ = source->info();
        return source;
    }
    lose(why);
    moved_.wait_for(lock, pause, overtaken);
    return std::move(next_);
}

/// The same device in the same mode, under whatever number it comes back.
SourceRequest Intake::request_again() const {
    SourceRequest request = request_;
    if (info_.identity.empty()) return request;
    request.identity = info_.identity;
    request.width = info_.width;
    request.height = info_.height;
    return request;
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
        set_changing(false);
        throw;
    }
    set_changing(false);
    return changed;
}

void Intake::put_next(const SourceRequest& request, std::shared_ptr<Source> source) {
    const std::lock_guard lock(mutex_);
    request_ = request;
    info_ = source->info();
    next_ = std::move(source);
    lost_ = ended_ = false;
    interrupt_present();
}

std::shared_ptr<Source> Intake::open_other(const SourceRequest& request) {
    try {
        return open_(request);
    } catch (const Error& error) {
        if (!find_source_kind(request).comes_back) throw;
        spdlog::debug("not beside the present source: {}", error.what());
    }
    release();
    return open_patiently(request);
}

/// A driver needs a moment to let go of a camera whose last picture is still being looked at.
std::shared_ptr<Source> Intake::open_patiently(const SourceRequest& request) const {
    constexpr int attempts = 20;
    constexpr auto moment = std::chrono::milliseconds(50);
    for (int i = 1; i < attempts; ++i) {
        try {
            return open_(request);
        } catch (const Error&) {
            std::this_thread::sleep_for(moment);
        }
    }
    return open_(request);
}

/// Ends the present source and waits until it is closed.
void Intake::release() {
    std::unique_lock lock(mutex_);
    interrupt_present();
    moved_.wait(lock, [this] { return stopped_ || !present_; });
    next_.reset();
    lock.unlock();
    mailbox_.clear();
}

}  // namespace scrim
