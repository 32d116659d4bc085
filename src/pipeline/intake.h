#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

#include "frame/captured.h"
#include "pipeline/mailbox.h"
#include "source/registry.h"

namespace scrim {

/// Reads a source into a mailbox, and changes to another source without an end between them.
///
/// Threads: run() is the work of one thread, change() comes from one other; the rest from any.
class Intake {
  public:
    /// Opens the source; throws Error.
    Intake(const SourceRequest& request, Mailbox<Captured>& mailbox);

    StreamInfo info() const;
    const SourceRequest& request() const { return request_; }
    /// Pictures that the sources found broken.
    std::uint64_t dropped() const;

    /// Until the source ends or stop(); then closes the mailbox. Throws what the source throws.
    void run();
    void stop() noexcept;

    /// Goes over to another source. It is opened beside the present one; where that is not possible
    /// (the same camera in another mode) the present one is closed first. `ready` prepares whatever
    /// depends on the new pictures' size, before the first of them comes. Throws Error, and what
    /// `ready` throws: the present source then goes on. So it does where `ready` says no; the
    /// result is then false.
    using Ready = std::function<bool(const StreamInfo&)>;
    bool change(const SourceRequest& request, const Ready& ready);

  private:
    std::shared_ptr<Source> next_source();
    void read(Source& source);
    std::shared_ptr<Source> reopened(std::unique_lock<std::mutex>& lock);
    std::shared_ptr<Source> open_other(const SourceRequest& request);
    void put_next(const SourceRequest& request, std::shared_ptr<Source> source);
    void go_back();
    void release();

    Mailbox<Captured>& mailbox_;
    SourceRequest request_;  // change() alone writes it

    mutable std::mutex mutex_;
    std::condition_variable moved_;
    std::shared_ptr<Source> present_;  // being read
    std::shared_ptr<Source> next_;     // to be read after it
    StreamInfo info_;
    std::uint64_t dropped_before_ = 0;
    bool changing_ = false;  // change() is at work: the end of a source is not the end
    bool lost_ = false;      // neither the new source nor the one before can be opened
    bool stopped_ = false;
};

}  // namespace scrim
