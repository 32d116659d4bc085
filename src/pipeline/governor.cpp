#include "pipeline/governor.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace scrim {
namespace {

/// From all to the least. A mask that is carried along for one picture is hardly seen; a smaller
/// network costs fine hair; fewer pictures everybody sees.
constexpr std::array steps{
    Effort{},
    Effort{2, false, 1},
    Effort{2, true, 1},
    Effort{2, true, 2.0 / 3},
    Effort{2, true, 1.0 / 2},
    Effort{2, true, 1.0 / 3},
    Effort{2, true, 1.0 / 6},
};

// One measurement may be a program that was started, or a configuration that was loaded.
constexpr int too_often = 2;
// Below that share of the budget there is room: what a step gives up is about a third.
constexpr double room = 0.65;
constexpr auto longest_patience = std::chrono::minutes(5);

}  // namespace

std::string describe(const Effort& effort) {
    std::string text = "all of the pictures";
    if (effort.share_of_rate < 1) {
        text = fmt::format("{:.0f}% of the pictures", 100 * effort.share_of_rate);
    }
    if (effort.mask_every > 1) text += fmt::format(", a mask for every {}nd", effort.mask_every);
    if (effort.light) text += ", the smaller network";
    return text;
}

Effort Governor::effort() const {
    return steps.at(step_);
}

bool Governor::measured(double used, Duration during) {
    const std::size_t before = step_;
    since_back_ += during;
    above_ = used > budget_ ? above_ + 1 : 0;
    with_room_ = used < room * budget_ ? with_room_ + during : Duration{};
    if (above_ >= too_often) {
        step_down();
    } else if (with_room_ >= patience_) {
        step_back();
    }
    return step_ != before;
}

void Governor::step_down() {
    above_ = 0;
    if (step_ + 1 == steps.size()) return;
    ++step_;
    // The last step back was one too many.
    if (since_back_ < patience_) {
        patience_ = std::min<Duration>(2 * patience_, longest_patience);
    }
}

void Governor::step_back() {
    with_room_ = since_back_ = Duration{};
    if (step_ > 0) --step_;
}

}  // namespace scrim
