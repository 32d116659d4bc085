#include "filter/decode_ahead.h"

#include <exception>
#include <utility>

#include "util/error.h"
#include "util/log.h"
#include "util/thread.h"

namespace scrim {

DecodeAhead::DecodeAhead(std::unique_ptr<Reel> reel) : reel_(std::move(reel)) {
    const std::optional<Duration> first = reel_->next();
    if (!first) throw Error("there is no picture in it");
    frame_ = reel_->picture();
    end_ = *first;
    thread_ = std::thread([this] { run(); });
}

DecodeAhead::~DecodeAhead() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    reel_->interrupt();
    changed_.notify_all();
    thread_.join();
}

const Frame& DecodeAhead::at(Duration time) {
    {
        const std::lock_guard lock(mutex_);
        now_ = time + frame_time_rounding;
        for (; !ready_.empty() && ready_.front().start <= now_; ready_.pop_front()) {
            frame_ = std::move(ready_.front().frame);
        }
    }
    changed_.notify_all();
    return frame_;
}

void DecodeAhead::run() {
    name_thread("clip");
    try {
        while (wait_for_room()) {
            const std::optional<Duration> shown = next_of_any_round();
            if (!shown) return;
            const Duration start = end_;
            end_ += *shown;
            if (nobody_sees(end_)) continue;
            Frame frame = reel_->picture();
            const std::lock_guard lock(mutex_);
            ready_.push_back({start, std::move(frame)});
        }
    } catch (const std::exception& error) {  // the last picture stays
        spdlog::warn("a picture that moves has stopped: {}", error.what());
    }
}

/// Nothing = no picture can be read any more, or stopped.
std::optional<Duration> DecodeAhead::next_of_any_round() {
    for (int round = 0; round < 2; ++round) {
        try {
            if (auto shown = reel_->next()) return shown;
        } catch (const Error&) {  // damaged: the round ends here
        }
    }
    return std::nullopt;
}

/// false = stopped. Who is late starts the next picture now.
bool DecodeAhead::wait_for_room() {
    constexpr std::size_t ahead = 3;
    constexpr Duration too_late = std::chrono::milliseconds(500);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stop_ || ready_.size() < ahead; });
    if (now_ - end_ > too_late) end_ = now_;
    return !stop_;
}

/// Where decoding is slow, some pictures are shown late rather than none.
bool DecodeAhead::nobody_sees(Duration end) {
    constexpr int most_left_out = 3;
    const std::lock_guard lock(mutex_);
    if (end > now_ || left_out_ == most_left_out) {
        left_out_ = 0;
        return false;
    }
    ++left_out_;
    return true;
}

}  // namespace scrim
