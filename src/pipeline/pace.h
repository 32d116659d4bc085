#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "pipeline/governor.h"
#include "pipeline/throttle.h"

namespace scrim {

/// How many pictures are shown and how much is done for each: keeps to `max_fps` and `cpu_budget`.
///
/// Threads: obey() and effort() from any, the rest from the frames' thread.
class Pace {
  public:
    struct Limits {
        std::optional<double> max_fps;
        std::optional<double> cpu_budget;  // a share of one core
        double fps = 0;                    // of the source; 0 = not known
        bool operator==(const Limits&) const = default;
    };
    void obey(const Limits& limits);

    /// Whether a picture of that time is to be shown.
    bool pass(Time captured);

    /// Once a second: measures what the process has used of the processor since the last time.
    /// True where effort() has changed; it is said in the log.
    bool changed(Time now);

    Effort effort() const;

  private:
    void set_limit();

    mutable std::mutex mutex_;
    Limits limits_;
    std::optional<Governor> governor_;
    Throttle throttle_;
    Time measured_{};
    Duration used_{};  // by the process, at that time
};

}  // namespace scrim
