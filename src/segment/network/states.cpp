#include "segment/network/states.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "segment/network/xnnpack_network.h"

namespace scrim {

bool RecurrentStates::feed_back(Network& network) const {
    const bool sound = std::all_of(loops_.begin(), loops_.end(), [&](const StateLoop& loop) {
        const std::span<const float> state = network.output(loop.output);
        return std::all_of(state.begin(), state.end(), [](float v) { return std::isfinite(v); });
    });
    if (!sound) {
        forget(network);
        return false;
    }
    for (const StateLoop& loop : loops_) {
        const std::span<const float> state = network.output(loop.output);
        std::copy(state.begin(), state.end(), network.input(loop.input).begin());
    }
    return true;
}

void RecurrentStates::forget(Network& network) const {
    for (const StateLoop& loop : loops_) {
        const std::span<float> state = network.input(loop.input);
        std::fill(state.begin(), state.end(), 0.0F);
    }
}

}  // namespace scrim
