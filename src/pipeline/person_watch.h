#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "pipeline/look_beside.h"
#include "pipeline/statistics.h"
#include "segment/motion.h"
#include "segment/person_finder.h"

namespace scrim {

/// Says of one frame after another what is known of the people in it.
///
/// As long as the networks are fast enough each frame gets its own mask. Where they take longer
/// than pictures stay (`mask_every: auto`), or where the configuration wants a mask for every N-th
/// picture only, the newest mask is carried along with what moves, and slow networks run on a
/// thread of their own: pictures flow at the camera's rate. A mask that is too old is no mask: then
/// nobody counts as being in the picture.
///
/// Threads: one at a time.
class PersonWatch {
  public:
    struct Options {
        /// 1 = every frame has its own mask however long that takes; 0 = auto.
        int every = 1;
        Duration frame_interval{};  // between two pictures of the source
        bool live = false;          // a gap in the pictures' times is one in what happened
    };

    PersonWatch(PersonFinder finder, Options options, StageClock& clock);
    PersonWatch(const PersonWatch&) = delete;
    PersonWatch& operator=(const PersonWatch&) = delete;

    /// Runs the networks once, so that the first frame is as quick as the others.
    void warm_up(const Frame& frame);

    /// `frame` may be smaller than the camera's picture, by shrink().
    Person watch(const Frame& frame);

    /// See PersonFinder.
    int shrink() const { return finder_.shrink(); }

    /// From now on at most one mask for so many frames; 1 = as the options say.
    void spare(int mask_every) { spared_ = mask_every; }
    /// Goes on with other networks.
    void change(PersonFinder finder);

    /// See PersonFinder. Not while networks run on a thread of their own.
    void run_networks() { finder_.run_networks(); }

    /// Frames for which something that was asked for is not known.
    std::uint64_t unknown() const { return unknown_; }

  private:
    bool may_lag() const { return options_.every != 1 || spared_ > 1; }
    void forget_after_gap(const Frame& frame);
    void keep_up();
    void look_beside(const Frame& frame);
    void take_over(Seen seen);
    Duration usual_time() const;
    Person present(const Frame& frame);
    Sighting carried(const Frame& frame);

    Options options_;
    StageClock& clock_;
    PersonFinder finder_;
    std::optional<LookBeside> beside_;  // where the networks are too slow
    bool slow_ = false;

    MotionCarrier motion_;
    std::optional<Seen> newest_;
    int spared_ = 1;
    Time last_{};         // the time of the frame before
    int last_width_ = 0;  // and its width
    int until_due_ = 0;   // frames until the next one needs a mask of its own

    std::array<Duration, 5> times_{};  // that the networks took lately
    std::size_t measured_ = 0;
    std::uint64_t unknown_ = 0;
};

}  // namespace scrim
