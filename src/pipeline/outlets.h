#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/outcome.h"
#include "pipeline/outlet.h"
#include "source/source.h"

namespace scrim {

/// The sinks of a pipeline, each with its thread. They can be replaced while pictures flow.
///
/// Threads: distribute() from the frames' thread; the constructor, start(), open_new(), replace()
/// and requests() from one other; the rest from any.
class Outlets {
  public:
    /// An outlet with its thread; ends and waits when it goes.
    struct Running {
        std::shared_ptr<Outlet> outlet;
        std::jthread thread;

        explicit Running(std::shared_ptr<Outlet> o) : outlet(std::move(o)) {}
        Running(Running&&) = default;
        Running& operator=(Running&&) = default;
        ~Running() {
            if (outlet) outlet->close();
        }
    };

    /// `failed` is called when a sink has ended with an error that the pipeline cannot go on with.
    Outlets(Outlet::Setting setting, Outcome& outcome, std::function<void()> failed)
        : setting_(std::move(setting)), outcome_(outcome), failed_(std::move(failed)) {}
    /// Ends all of them and waits.
    ~Outlets();
    Outlets(const Outlets&) = delete;
    Outlets& operator=(const Outlets&) = delete;

    /// Opens one more, before start(). Throws Error.
    void open(SinkRequest request);
    void start();

    /// Gives a picture to all of them; false where none is left.
    bool distribute(const Finished& finished);
    /// No more pictures: what was given is still written, and the files completed.
    void close();

    /// While this lives there may be no sink for a moment.
    class Change {
      public:
        explicit Change(Outlets& outlets) : outlets_(outlets) { set(true); }
        ~Change() { set(false); }
        Change(const Change&) = delete;
        Change& operator=(const Change&) = delete;

      private:
        void set(bool changing) {
            const std::lock_guard lock(outlets_.mutex_);
            outlets_.changing_ = changing;
        }
        Outlets& outlets_;
    };

    /// Outlets for the requests that are not served yet; with replace() they take their place.
    /// Throws Error: nothing has changed then.
    std::vector<Running> open_new(const std::vector<SinkRequest>& requests);
    /// Starts what was opened, and ends what no request names any more.
    void replace(const std::vector<SinkRequest>& requests, std::vector<Running> opened);

    std::vector<SinkRequest> requests() const;
    std::vector<std::string> names() const;
    std::uint64_t dropped() const;
    /// Whether anybody sees what is distributed.
    bool watched() const;

  private:
    void start(Running& running);
    void run(Outlet& outlet);
    Running opened(const SinkRequest& request);
    std::optional<SinkRequest> end_outlet_of(const std::string& target);
    void add(Running running);

    const Outlet::Setting setting_;
    Outcome& outcome_;
    const std::function<void()> failed_;

    std::vector<std::shared_ptr<Outlet>> targets_;  // of the frames' thread: the outlets ...
    unsigned targets_generation_ = 0;               // ... when they were of this generation

    mutable std::mutex mutex_;  // guards what follows
    std::vector<Running> outlets_;
    unsigned generation_ = 1;
    bool changing_ = false;
    std::uint64_t dropped_before_ = 0;  // by outlets that have ended
};

}  // namespace scrim
