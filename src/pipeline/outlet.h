#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "frame/frame.h"
#include "pipeline/mailbox.h"
#include "pipeline/statistics.h"
#include "sink/registry.h"

namespace scrim {

/// A finished picture on its way to the sinks.
struct Finished {
    Frame frame;
    bool cover = false;  // not of the source: its age says nothing
};

/// A sink with its mailbox. In a live run a device that is lost is opened again, as often as it
/// takes; pictures that come meanwhile are dropped.
///
/// Threads: run() is the work of one thread, the rest from any.
class Outlet {
  public:
    struct Setting {
        bool live = false;
        StageClock* clock = nullptr;
        /// Called on another thread when watched() has changed; must not be empty.
        std::function<void()> audience_changed;
    };

    /// Opens the sink; throws Error. Live, a device that somebody else keeps busy is waited for.
    Outlet(SinkRequest request, Setting setting);

    const SinkRequest& request() const { return request_; }
    const std::string& name() const { return name_; }
    std::uint64_t dropped() const { return mailbox_.dropped(); }
    /// Whether run() is still at it.
    bool open() const { return open_; }
    /// Whether anybody sees what is put.
    bool watched() const { return open_ && watched_; }

    void put(Finished finished) { mailbox_.put(std::move(finished)); }
    /// No more pictures: what was put is still written, and the file completed.
    void close() { mailbox_.close(); }

    /// Writes until close(). Throws what the sink throws and what cannot be mended; the outlet is
    /// closed then.
    void run();

  private:
    void open_sink();
    bool open_again();
    void write(const Finished& finished);
    void lose(const Error& error);

    SinkRequest request_;
    const Setting setting_;
    const SinkKind& kind_;
    std::string name_;
    Mailbox<Finished> mailbox_;
    std::atomic<bool> open_{true};
    std::atomic<bool> watched_{true};
    Time next_attempt_{};
    Time last_time_{};            // of the picture written last: live, times only go up
    std::unique_ptr<Sink> sink_;  // none while its device is lost
};

/// Whether two requests name the same sink: what the pipeline fills in is not looked at.
bool same_target(const SinkRequest& a, const SinkRequest& b);

}  // namespace scrim
