#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "frame/captured.h"
#include "util/error.h"

namespace scrim {

/// A rate as a fraction, pictures a second; 0/1 = not known.
struct Rate {
    int numerator = 0;
    int denominator = 1;
    double hertz() const { return denominator == 0 ? 0 : double(numerator) / denominator; }
};

/// Pictures a second of a source that does not say.
constexpr double usual_rate = 30;

/// What a source delivers, known once it is open.
struct StreamInfo {
    std::string name;  // for people: "Integrated Camera (/dev/video0), 1280x720 MJPEG at 30/s"
    int width = 0;
    int height = 0;
    Rate rate;
    ColorTags tags;
    bool live = false;        // a camera: its pictures come whether anybody takes them or not
    std::int64_t frames = 0;  // how many there will be, as far as known; 0 = not known
    /// What a device is known by when it comes back under another number; empty = nothing.
    std::string identity = {};
};

/// Where pictures come from.
///
/// Threads: next() from one thread; interrupt(), info() and counters() from any thread.
/// Errors: the factory and next() throw Error; after that the source is done. Pictures that the
/// source itself finds broken (error flag, too short) are dropped and counted, not thrown.
class Source {
  public:
    struct Counters {
        std::uint64_t delivered = 0;
        std::uint64_t dropped = 0;  // broken or short pictures
        std::uint64_t stale = 0;    // good ones passed over for a newer one
    };

    virtual ~Source() = default;

    virtual const StreamInfo& info() const = 0;

    /// Waits for the next picture. Nothing = the end (of the file, or after interrupt()). The
    /// picture may outlive the source; a live source needs its buffers back soon (a few at a time).
    virtual std::optional<Captured> next() = 0;

    /// Makes the present and every later next() return nothing soon.
    virtual void interrupt() noexcept = 0;

    virtual Counters counters() const = 0;
};

}  // namespace scrim
