#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace scrim {

class Network;

/// An input of a network that gets what an output gave in the run before.
struct StateLoop {
    std::size_t input = 0;
    std::size_t output = 0;
};

/// The memory of a recurrent network: what it gives with one picture is fed back with the next.
///
/// Threads: one at a time.
class RecurrentStates {
  public:
    RecurrentStates() = default;
    explicit RecurrentStates(std::vector<StateLoop> loops) : loops_(std::move(loops)) {}

    /// After a run. False if anything in the states is not a number, which would never go away
    /// again: then all of them start anew, and what the run gave is worth nothing.
    bool feed_back(Network& network) const;

    /// Zeros, as before the first run.
    void forget(Network& network) const;

  private:
    std::vector<StateLoop> loops_;
};

}  // namespace scrim
