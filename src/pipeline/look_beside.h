#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

#include "frame/frame.h"
#include "segment/person_finder.h"
#include "util/clock.h"

namespace scrim {

/// What the networks said of a frame, and how long they took.
struct Seen {
    std::uint64_t sequence = 0;  // of the frame ...
    Time captured{};             // ... and its time
    Plane luma;
    Sighting sighting;
    Duration took{};
};

/// Runs the networks for a frame, on the calling thread.
Seen look_at(PersonFinder& finder, const Frame& frame);

/// Runs the networks on a thread of its own, for one frame at a time.
///
/// Threads: all methods from one thread. While busy() the finder's look() must not be called.
class LookBeside {
  public:
    /// The finder must outlive this.
    explicit LookBeside(PersonFinder& finder);
    /// Waits until the networks have done with the present frame.
    ~LookBeside();
    LookBeside(const LookBeside&) = delete;
    LookBeside& operator=(const LookBeside&) = delete;

    bool busy() const;
    /// Begins to look at that frame. Not while busy().
    void begin(Frame frame);
    /// What was found since the last call, if anything.
    std::optional<Seen> take();

  private:
    void run();

    PersonFinder& finder_;
    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::optional<Frame> frame_;  // to be looked at, or being looked at
    std::optional<Seen> seen_;
    bool ended_ = false;
    std::jthread thread_;  // last: it must end before what it uses
};

}  // namespace scrim
