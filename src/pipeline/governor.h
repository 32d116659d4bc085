#pragma once

#include <cstddef>
#include <string>

#include "util/clock.h"

namespace scrim {

/// How much is done for the pictures.
struct Effort {
    int mask_every = 1;        // at most one mask for so many pictures
    bool light = false;        // a smaller network, if there is one
    double share_of_rate = 1;  // of the pictures that come
    bool operator==(const Effort&) const = default;
};

/// "a mask for every 2nd picture, a smaller network": for people.
std::string describe(const Effort& effort);

/// Keeps the use of the processor under a budget by giving up what is missed least, one step at a
/// time, and takes a step back once there is room for it. A step back that proved too much is tried
/// again after twice the time, so that the picture does not change to and fro.
///
/// Threads: one at a time. It knows no clock: the caller says how long it measured.
class Governor {
  public:
    /// `budget` is a share of one core, 0.4.
    explicit Governor(double budget) : budget_(budget) {}

    /// Takes the share of one core that was used during that time, about a second. True where the
    /// effort has changed.
    bool measured(double used, Duration during);

    Effort effort() const;

  private:
    void step_down();
    void step_back();

    double budget_;
    std::size_t step_ = 0;
    int above_ = 0;                                 // measurements in a row above the budget
    Duration with_room_{};                          // how long it has been well below
    Duration since_back_ = std::chrono::hours(1);   // since the last step back
    Duration patience_ = std::chrono::seconds(10);  // with room, before a step back
};

}  // namespace scrim
