#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/intake.h"
#include "pipeline/scene.h"
#include "pipeline/statistics.h"
#include "segment/person_finder.h"
#include "sink/registry.h"
#include "source/registry.h"
#include "util/clock.h"

namespace scrim {

/// What a pipeline connects.
struct PipelineSetup {
    Scene scene;
    SourceRequest source;             // its `live` decides: drop what is stale, or keep every frame
    std::vector<SinkRequest> sinks;   // sizes, tags and rate are filled in by the pipeline
    std::uint64_t frame_limit = 0;    // end after that many frames; 0 = none
    Networks networks = {};           // for tests
    SourceOpener open = open_source;  // for tests
};

/// A running connection from a source to sinks: one thread for the source, one for the frames'
/// work, one for each sink, with mailboxes between them.
///
/// A live pipeline ends only when it is told to, or where no sink is left: a camera that is gone is
/// waited for, and meanwhile, as while it is paused, or nobody watches, the cover is shown.
///
/// Threads: stop(), pause(), wait_for() and statistics() from any thread; of the rest, what comes
/// before start() from one thread, and reload(), source(), sinks() and missing() from one after it.
class Pipeline {
  public:
    /// Opens everything. Throws Error or ConfigError; nothing has left then.
    explicit Pipeline(PipelineSetup setup);
    /// Stops and waits.
    ~Pipeline();
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    StreamInfo source() const;
    /// Names of the sinks, for people.
    std::vector<std::string> sinks() const;
    /// What the present configuration shows a placeholder for, a line each.
    const std::vector<std::string>& missing() const;

    void start();

    /// Goes over to another configuration while pictures flow. Everything is loaded beside what
    /// runs and then takes its place between two frames; a source or a sink that is the same in
    /// both is not touched. Throws Error or ConfigError: what ran goes on. So it does where
    /// `valid`, asked when everything is loaded, says no; the result is then false.
    ///
    /// Sinks keep the size that they were opened with; pictures of another size are fitted into it.
    bool reload(PipelineSetup setup, const std::function<bool()>& valid);

    /// Live: closes the camera and shows the cover, until it is called with false. One picture that
    /// is already on its way may still be shown.
    void pause(bool paused);
    bool paused() const;

    /// Waits at most that long; true once the source has ended and the sinks are complete.
    bool wait_for(Duration duration);
    /// Waits for the end and throws the first error of any thread.
    void join();
    /// Ends the stream; what is on its way is still written, files are completed.
    void stop() noexcept;

    Statistics statistics() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace scrim
