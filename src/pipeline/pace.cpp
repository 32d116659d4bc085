#include "pipeline/pace.h"

#include <algorithm>
#include <utility>

#include "source/source.h"
#include "util/log.h"
#include "util/own_process.h"

namespace scrim {
namespace {

constexpr auto interval = std::chrono::seconds(1);

}  // namespace

void Pace::obey(const Limits& limits) {
    const std::lock_guard lock(mutex_);
    if (limits == limits_) return;
    if (limits.cpu_budget != limits_.cpu_budget) {
        governor_.reset();
        if (limits.cpu_budget) governor_.emplace(*limits.cpu_budget);
        measured_ = {};
    }
    limits_ = limits;
    set_limit();
}

void Pace::set_limit() {
    std::optional<double> most = limits_.max_fps;
    const double share = governor_ ? governor_->effort().share_of_rate : 1;
    if (share < 1) {
        const double fps = share * (limits_.fps > 0 ? limits_.fps : usual_rate);
        most = std::min(most.value_or(fps), fps);
    }
    throttle_.limit(most);
}

bool Pace::pass(Time captured) {
    const std::lock_guard lock(mutex_);
    return throttle_.pass(captured);
}

bool Pace::changed(Time now) {
    const std::lock_guard lock(mutex_);
    if (!governor_ || now - measured_ < interval) return false;
    const Duration used = process_cpu_time();
    const bool first = measured_ == Time{};
    const Duration during = now - std::exchange(measured_, now);
    const double share = seconds(used - std::exchange(used_, used)) / seconds(during);
    if (first || !governor_->measured(share, during)) return false;
    set_limit();
    spdlog::info("{:.0f}% of a core used, {:.0f}% allowed: {}", 100 * share,
                 100 * *limits_.cpu_budget, describe(governor_->effort()));
    return true;
}

Effort Pace::effort() const {
    const std::lock_guard lock(mutex_);
    return governor_ ? governor_->effort() : Effort{};
}

}  // namespace scrim
