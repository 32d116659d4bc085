#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "frame/frame.h"
#include "util/error.h"

namespace scrim {

/// Where pictures go.
///
/// Threads: all methods from one thread, the sink's own. Errors: the factory throws BusyError where
/// a later try may succeed, else Error; after an Error from write() or finish() the sink is closed
/// and what was written before is kept as far as the format allows.
class Sink {
  public:
    virtual ~Sink() = default;

    /// For people: "/dev/video10 (Scrim), YUYV 1280x720" or "out.mp4".
    virtual const std::string& name() const = 0;

    /// Writes one picture. Its size and tags are those of the SinkRequest. The frame may be kept.
    virtual void write(const Frame& frame) = 0;

    /// Has `changed` called with whether anybody looks: soon, and whenever that changes, on a
    /// thread of the sink's own, until the sink is destroyed. False where the sink cannot know: it
    /// then never calls, and counts as watched. Called at most once, before the first write().
    // NOLINTNEXTLINE(performance-unnecessary-value-param): sinks that know keep it
    virtual bool watch_audience(std::function<void(bool watched)> /*changed*/) { return false; }

    /// No more pictures will come: completes the file. Called at most once. Not calling it (an
    /// error elsewhere) leaves what was written so far.
    virtual void finish() = 0;
};

}  // namespace scrim
