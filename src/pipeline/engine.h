#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "frame/captured.h"
#include "frame/convert.h"
#include "pipeline/cover.h"
#include "pipeline/governor.h"
#include "pipeline/person_watch.h"
#include "pipeline/scene.h"
#include "pipeline/statistics.h"
#include "pipeline/worker.h"
#include "segment/person_finder.h"

namespace scrim {

/// The work on one frame after another: decode, segment, mask, compose. Knows nothing of sources
/// and sinks: the pipeline's thread calls it, and so do `scrim render` and the benchmarks.
///
/// With `threads: 1` all of it is done on the calling thread. With more, what needs no mask is
/// composed while the networks run, and JPEG pictures are made whole then: the networks get a
/// small one. With `pipeline: throughput` as well, the calling thread goes on to the next frame
/// while others do the rest of this one. The pictures are the same, but for roundings where the
/// networks got a small one.
///
/// Threads: one at a time; the StageClock may be read from others.
class Engine {
  public:
    /// Opens the networks that the layers need; `given_score` is taken for what a network says of
    /// every frame. `stream.tags` are the tags that the frames come out with, whatever they come in
    /// with. Throws Error, ConfigError.
    Engine(Scene scene, const StreamContext& stream, StageClock& clock,
           const Networks& networks = {}, std::optional<Plane> given_score = std::nullopt);

    /// Runs what is slow for the first time, so that the first frame is as quick as the others.
    void warm_up();

    /// The networks alone, on what they got last: what no pipeline can be quicker than. For
    /// benchmarks, after a frame.
    void run_networks();

    /// Whether a captured picture has the stream's size.
    bool fits(const Captured& captured) const;

    /// The files that the layers show a placeholder for, with the reason: a line each.
    std::vector<std::string> missing() const;

    /// The finished picture. Throws DecodeError where the captured one is broken, and offline where
    /// it has another size than the stream; live it is fitted in. Where the network fails nobody
    /// counts as being in the picture.
    Frame process(const Captured& captured);

    /// How much is done for the pictures from now on. Opens another network where that is asked
    /// for: the next picture is late then. When every picture is finished.
    void set_effort(const Effort& effort);

    /// What is shown while there is no picture. A live stream only.
    Frame cover(std::uint64_t sequence) const { return cover_->frame(sequence); }

    /// What becomes of a finished picture; `without_mask` is how many frames so far were composed
    /// without a mask, or faces, although they were needed.
    using Done = std::function<void(const Frame& frame, std::uint64_t without_mask)>;
    /// The same, with the finished picture given to `done`: before the call returns or, with
    /// `pipeline: throughput`, later and on a thread of the engine; always in order. `done` must
    /// live until then (see wait()). Throws what it threw for a picture before, too.
    void process(Captured captured, const Done& done);
    /// Waits until every picture is finished; throws what `done` threw.
    void wait();

    /// Frames that were composed without a mask, or faces, although they were needed. Of pictures
    /// that are all finished.
    std::uint64_t without_mask() const { return watch_ ? watch_->unknown() : 0; }

  private:
    /// A frame on its way from thread to thread.
    struct Work {
        Frame frame;
        Person person = {};
        std::uint64_t without_mask = 0;
        const Done* done = nullptr;
    };

    PersonFinder finder(const Config& config, std::optional<Plane> given_score) const;
    bool looks_at_small(const Captured& captured) const;
    Frame decoded(const Captured& captured);
    Frame thumbnail(const Captured& captured);
    Frame rest_decoded();
    Frame process_beside(const Captured& captured);
    void settle() noexcept;
    Person find_person(const Frame& frame);
    Frame composed(const Frame& frame, const Person& person);
    void watch_and_hand_on(Work work);

    Scene scene_;
    StreamContext stream_;
    StageClock& clock_;
    const Networks networks_;
    Effort effort_;
    Decoder decoder_;
    std::optional<Cover> cover_;        // of a live stream
    std::optional<PersonWatch> watch_;  // if the layers need to know anything of the person

    bool overlapping_ = false;  // frames: one is composed while the next one is looked at
    // What the workers work on; not touched by others before they are done.
    bool rest_is_due_ = false;  // otherwise begun_.input is there already
    Compositor::Begun begun_;
    Duration begun_in_{};
    Work to_watch_;
    Work to_compose_;
    // Where there is something for them to do. Last, the first in a frame's way at the very end:
    // they end before what they use.
    std::optional<Worker> composer_;
    std::optional<Worker> watcher_;
};

}  // namespace scrim
