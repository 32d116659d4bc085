#include "sink/v4l2loopback/attendance.h"

#include <algorithm>

namespace scrim {
namespace {

// Asking for names and formats takes milliseconds; the first picture may take half a second.
constexpr Duration question = std::chrono::milliseconds(150);
// Where the driver tells of streams, only readers by read() are left: rare, and not in a hurry.
constexpr Duration question_without_stream = std::chrono::seconds(1);
// Should the count ever be wrong, the camera is not on for much longer than that.
constexpr Duration between_looks = std::chrono::seconds(10);

}  // namespace

Attendance::Attendance(bool driver_tells, const Holders& at_start, Time now)
    : driver_tells_(driver_tells), own_at_start_(at_start.own) {
    recount(at_start, now);
}

void Attendance::recount(const Holders& holders, Time now) {
    open_ = holders.others + std::max(holders.own - own_at_start_, 0);
    hidden_ = 0;
    opens_ = 0;
    next_look_.reset();
    held_ = !driver_tells_ && holders.others > 0;
    if (open_ > 0) next_look_ = now + (driver_tells_ ? longest_question() : between_looks);
}

Duration Attendance::longest_question() const {
    return driver_tells_ ? question_without_stream : question;
}

void Attendance::opened(Time now) {
    ++open_;
    ++opens_;
    last_open_ = now;
    const Time soon = now + longest_question();
    next_look_ = std::min(next_look_.value_or(soon), soon);
}

void Attendance::closed(Time now) {
    open_ = std::max(open_ - 1, 0);
    hidden_ = std::min(hidden_, open_);
    if (held_ || open_ == 0) next_look_ = now;
}

void Attendance::streaming(bool somebody) {
    streaming_ = somebody;
    // The end of the stream may be told after the close that caused it.
    streamed_ = somebody || (streamed_ && open_ > 0);
    // Who keeps the device open without its stream has switched the camera off.
    if (!somebody) held_ = false;
}

void Attendance::seen(const Holders& holders, Time now) {
    next_look_.reset();
    const int visible = holders.others + std::max(holders.own - own_at_start_, 0);
    // Only who came since the last look can be hidden now and was not before.
    hidden_ = holders.hidden ? std::clamp(open_ - visible, 0, hidden_ + opens_) : 0;
    open_ = visible + hidden_;
    opens_ = 0;
    if (holders.others + hidden_ == 0) {
        asked_.reset();
        held_ = false;
        streamed_ = streaming_;
        return;
    }
    if (!held_ && now - last_open_ < longest_question() && !may_have_stayed(holders)) {
        asked_ = holders.who;
        next_look_ = last_open_ + longest_question();
        return;
    }
    asked_.reset();
    held_ = !(driver_tells_ && streamed_);
    next_look_ = now + between_looks;
}

/// Whether somebody may be the same as at the last look: one question after the other is no viewer.
bool Attendance::may_have_stayed(const Holders& holders) const {
    if (!asked_) return false;
    if (hidden_ > 0 || holders.who.empty()) return true;
    return std::any_of(holders.who.begin(), holders.who.end(), [this](int process) {
        return std::find(asked_->begin(), asked_->end(), process) != asked_->end();
    });
}

}  // namespace scrim
