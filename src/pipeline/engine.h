#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frame/captured.h"
#include "frame/convert.h"
#include "pipeline/scene.h"
#include "pipeline/statistics.h"
#include "segment/mask.h"
#include "segment/segmenter.h"

namespace scrim {

/// The work on one frame after another: decode, segment, mask, compose. Knows nothing of threads,
/// sources and sinks: the pipeline's thread calls it, and so do `scrim render` and the benchmarks.
///
/// Threads: one at a time; the StageClock may be read from others.
class Engine {
  public:
    /// Opens the network if the layers need it and no `fixed_score` stands in for it. `stream.tags`
    /// are the tags that the frames come out with, whatever they come in with. Throws Error,
    /// ConfigError.
    Engine(Scene scene, const StreamContext& stream, StageClock& clock,
           std::optional<Plane> fixed_score = std::nullopt);

    /// Runs what is slow for the first time, so that the first frame is as quick as the others.
    void warm_up();

    /// Whether a captured picture has the stream's size.
    bool fits(const Captured& captured) const;

    /// The files that the layers show a placeholder for, with the reason: a line each.
    std::vector<std::string> missing() const;

    /// The finished picture. Throws DecodeError where the captured one is broken or has another
    /// size than the stream. Where the network fails nobody counts as being in the picture.
    Frame process(const Captured& captured);

    /// Frames that were composed without a mask although one was needed.
    std::uint64_t without_mask() const { return without_mask_; }

  private:
    std::optional<Plane> person_mask(const Frame& frame);

    Scene scene_;
    StreamContext stream_;
    StageClock& clock_;
    Decoder decoder_;
    std::unique_ptr<Segmenter> segmenter_;
    std::optional<Plane> fixed_score_;
    std::optional<MaskRefiner> refiner_;
    std::uint64_t without_mask_ = 0;
};

}  // namespace scrim
