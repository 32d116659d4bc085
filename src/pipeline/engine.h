#pragma once

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
#include "segment/person_finder.h"

namespace scrim {

/// The work on one frame after another: decode, segment, mask, compose. Knows nothing of threads,
/// sources and sinks: the pipeline's thread calls it, and so do `scrim render` and the benchmarks.
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

    /// Whether a captured picture has the stream's size.
    bool fits(const Captured& captured) const;

    /// The files that the layers show a placeholder for, with the reason: a line each.
    std::vector<std::string> missing() const;

    /// The finished picture. Throws DecodeError where the captured one is broken, and offline where
    /// it has another size than the stream; live it is fitted in. Where the network fails nobody
    /// counts as being in the picture.
    Frame process(const Captured& captured);

    /// How much is done for the pictures from now on. Opens another network where that is asked
    /// for: the next picture is late then.
    void set_effort(const Effort& effort);

    /// What is shown while there is no picture. A live stream only.
    Frame cover(std::uint64_t sequence) const { return cover_->frame(sequence); }

    /// Frames that were composed without a mask, or faces, although they were needed.
    std::uint64_t without_mask() const { return watch_ ? watch_->unknown() : 0; }

  private:
    PersonFinder finder(const Config& config, std::optional<Plane> given_score) const;

    Scene scene_;
    StreamContext stream_;
    StageClock& clock_;
    const Networks networks_;
    Effort effort_;
    Decoder decoder_;
    std::optional<Cover> cover_;        // of a live stream
    std::optional<PersonWatch> watch_;  // if the layers need to know anything of the person
};

}  // namespace scrim
