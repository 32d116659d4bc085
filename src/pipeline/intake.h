#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "frame/captured.h"
#include "pipeline/mailbox.h"
#include "source/registry.h"

namespace scrim {

/// A picture of the source, or that there is none to be seen now: then the cover is shown.
using Incoming = std::optional<Captured>;

/// How sources are opened: open_source(), or what a test puts in its place.
using SourceOpener = std::function<std::unique_ptr<Source>(const SourceRequest&)>;

/// Reads a source into a mailbox; closes it while nobody wants its pictures, waits for a camera
/// that is gone, taken by another program or hangs, and changes to another source, all without an
/// end between them.
///
/// Threads: run() is the work of one thread, change() comes from one other; the rest from any.
class Intake {
  public:
    /// Opens the source; throws Error. Of a camera that is not there yet it says so in the log, and
    /// waits for it in run().
    Intake(const SourceRequest& request, Mailbox<Incoming>& mailbox, SourceOpener open);

    StreamInfo info() const;
    const SourceRequest& request() const { return request_; }
    Source::Counters counters() const;

    /// Until the source ends or stop(); then closes the mailbox. Throws what the source throws,
    /// unless it is live: then it is opened again as soon as that is possible.
    void run();
    void stop() noexcept;

    /// Whether pictures are wanted: where not, the source is closed and the cover shown. From the
    /// return of want(false) on no picture is put into the mailbox. A live source only.
    void want(bool pictures);

    /// Goes over to another source. It is opened beside the present one; where that is not possible
    /// (the same camera in another mode) the present one is closed first. `ready` prepares whatever
    /// depends on the new pictures' size, before the first of them comes. Throws Error, and what
    /// `ready` throws: the present source then goes on. So it does where `ready` says no; the
    /// result is then false.
    using Ready = std::function<bool(const StreamInfo&)>;
    bool change(const SourceRequest& request, const Ready& ready);

  private:
    std::shared_ptr<Source> next_source();
    std::shared_ptr<Source> open_again(std::unique_lock<std::mutex>& lock);
    void read(Source& source);
    bool pass_on(Captured picture);
    void lose(const std::string& why);
    void interrupt_present();
    std::shared_ptr<Source> open_other(const SourceRequest& request);
    void put_next(const SourceRequest& request, std::shared_ptr<Source> source);
    void release();
    std::shared_ptr<Source> open_patiently(const SourceRequest& request) const;
    SourceRequest request_again() const;

    Mailbox<Incoming>& mailbox_;
    const SourceOpener open_;
    const bool live_;
    SourceRequest request_;  // change() alone writes it

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable moved_;
    std::shared_ptr<Source> present_;  // being read
    std::shared_ptr<Source> next_;     // to be read after it
    StreamInfo info_;
    Source::Counters before_;   // of the sources before
    bool wanted_ = true;        // somebody wants pictures
    bool interrupted_ = false;  // the present source ends because it was told to
    bool ended_ = false;        // the present source has ended by itself
    bool lost_ = false;         // ... or cannot be had: it was said in the log
    bool changing_ = false;     // change() is at work: the end of a source is not the end
    bool stopped_ = false;
};

}  // namespace scrim
