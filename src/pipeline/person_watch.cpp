#include "pipeline/person_watch.h"

#include <algorithm>
#include <utility>

#include "util/log.h"

namespace scrim {
namespace {

// Shares of the time between two pictures: a network that takes more than the first runs beside the
// pictures, and not until it takes less than the second it is waited for again.
constexpr double too_slow = 0.9;
constexpr double fast_enough = 0.6;

/// How old a mask may be: a network that hangs must not leave a mask behind that shows the room
/// where somebody once was.
Duration oldest_mask(Duration network_time) {
    return std::clamp<Duration>(3 * network_time, std::chrono::seconds(1), std::chrono::seconds(3));
}

// The camera was away for so long that who was in the picture may not be any more.
constexpr auto gap = std::chrono::milliseconds(700);

/// With pixels of its own, so that the camera gets its memory back.
Frame own_copy(Frame frame) {
    for (Plane* plane : {&frame.y, &frame.u, &frame.v})
        plane->writable();
    return frame;
}

}  // namespace

PersonWatch::PersonWatch(PersonFinder finder, Options options, StageClock& clock)
    : options_(options), clock_(clock), finder_(std::move(finder)) {}

void PersonWatch::warm_up(const Frame& frame) {
    finder_.look(frame);
}

void PersonWatch::change(PersonFinder finder) {
    beside_.reset();
    finder_ = std::move(finder);
    newest_.reset();
    measured_ = 0;
    slow_ = false;
}

/// Masks of before must not be mixed into those of now. A camera that comes back may do so with
/// another format, whose pictures are looked at in another size.
void PersonWatch::forget_after_gap(const Frame& frame) {
    const Duration since = frame.captured - std::exchange(last_, frame.captured);
    const bool same_size = std::exchange(last_width_, frame.width()) == frame.width();
    if (since >= Duration{} && since < gap && same_size) return;
    newest_.reset();
    finder_.reset();
    until_due_ = 0;
}

Person PersonWatch::watch(const Frame& frame) {
    if (options_.live) forget_after_gap(frame);
    keep_up();
    const bool due = until_due_ <= 0;
    --until_due_;
    if (due && (!beside_ || !beside_->busy())) {
        until_due_ = std::max({options_.every, spared_, 1}) - 1;
        if (slow_) {
            look_beside(frame);
        } else {
            take_over(look_at(finder_, frame));
        }
    }
    return present(frame);
}

/// Takes what was found beside, and decides whether the networks are waited for.
void PersonWatch::keep_up() {
    if (!may_lag()) return;
    if (beside_) {
        if (auto seen = beside_->take()) take_over(std::move(*seen));
    }
    if (measured_ < times_.size() / 2 + 1) return;
    const double share = seconds(usual_time()) / seconds(options_.frame_interval);
    if (!slow_ && share > too_slow) {
        slow_ = true;
        spdlog::info(
            "the network takes {:.0f} ms, pictures come every {:.0f} ms: masks are carried along",
            milliseconds(usual_time()), milliseconds(options_.frame_interval));
    } else if (slow_ && share < fast_enough) {
        slow_ = false;
    }
}

void PersonWatch::look_beside(const Frame& frame) {
    if (!beside_) beside_.emplace(finder_);
    beside_->begin(own_copy(frame));
}

void PersonWatch::take_over(Seen seen) {
    times_.at(measured_++ % times_.size()) = seen.took;
    clock_.add(Stage::segment, seen.took);
    if (may_lag()) motion_.remember(seen.luma);
    seen.luma = {};  // it may be the camera's memory, which is needed for the next pictures
    newest_ = std::move(seen);
}

/// The median: one run that was held up says nothing.
Duration PersonWatch::usual_time() const {
    auto times = times_;
    const auto end = times.begin() + static_cast<std::ptrdiff_t>(std::min(measured_, times.size()));
    if (end == times.begin()) return {};
    const auto middle = times.begin() + (end - times.begin()) / 2;
    std::nth_element(times.begin(), middle, end);
    return *middle;
}

Person PersonWatch::present(const Frame& frame) {
    const auto timer = clock_.measure(Stage::mask);
    const Duration age = newest_ ? frame.captured - newest_->captured : Duration{};
    if (!newest_ || age < Duration{} || age > oldest_mask(usual_time())) {
        ++unknown_;
        finder_.reset();
        return {};
    }
    if (newest_->sighting.failed) ++unknown_;
    clock_.add_mask_age(age);
    if (newest_->sequence == frame.sequence) return finder_.refine(newest_->sighting);
    return finder_.refine(carried(frame));
}

Sighting PersonWatch::carried(const Frame& frame) {
    Sighting sighting = newest_->sighting;
    motion_.follow(frame.y);
    const auto carry = [this](Plane& plane) {
        if (!plane.empty()) plane = motion_.carried(plane);
    };
    if (sighting.score) {
        carry(sighting.score->plane);
        for (Plane& plane : sighting.score->parts)
            carry(plane);
        for (Plane& plane : sighting.score->heatmaps)
            carry(plane);
    }
    if (sighting.faces) {
        for (Face& face : *sighting.faces)
            face = motion_.carried(face);
    }
    return sighting;
}

}  // namespace scrim
