#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "frame/frame.h"
#include "pipeline/mailbox.h"
#include "pipeline/statistics.h"
#include "sink/registry.h"

namespace scrim {

/// A sink with its mailbox.
///
/// Threads: run() is the work of one thread, the rest from any.
class Outlet {
  public:
    /// Opens the sink; throws Error.
    Outlet(SinkRequest request, Mailbox<Frame>::Keep keep, StageClock& clock);

    const SinkRequest& request() const { return request_; }
    const std::string& name() const { return sink_->name(); }
    std::uint64_t dropped() const { return mailbox_.dropped(); }
    /// Whether run() is still at it.
    bool open() const { return open_; }

    void put(const Frame& frame) { mailbox_.put(frame); }
    /// No more pictures: what was put is still written, and the file completed.
    void close() { mailbox_.close(); }

    /// Writes until close(). Throws what the sink throws; the outlet is closed then.
    void run();

  private:
    SinkRequest request_;
    std::unique_ptr<Sink> sink_;
    Mailbox<Frame> mailbox_;
    StageClock& clock_;
    std::atomic<bool> open_{true};
};

/// Whether two requests name the same sink: what the pipeline fills in is not looked at.
bool same_target(const SinkRequest& a, const SinkRequest& b);

}  // namespace scrim
