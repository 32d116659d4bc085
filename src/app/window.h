#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "pipeline/statistics.h"
#include "util/own_process.h"

namespace scrim {

/// What a running pipeline did between two looks at it, and what it is.
struct Window {
    Duration since_start{};
    Duration length{};
    Statistics before;
    Statistics now;
    double cpu = 0;  // share of one core that the process used
    double rss_mb = 0;
    bool paused = false;
    std::string source;
    std::vector<std::string> sinks;

    /// What happened within it: counts and times are differences.
    std::uint64_t frames() const { return now.frames - before.frames; }
    double rate() const;
    Histogram latency() const { return now.latency - before.latency; }
    double stage_ms(std::size_t stage) const;
    double mask_age_ms() const;
};

/// A line for people: "29.9/s  latency 12 15 19 ms  decode 1.2 ...".
std::string line_of(const Window& window);

/// An object for programs; its fields are in doc/scrim.1.
nlohmann::json json_of(const Window& window);

/// Makes the windows of a process, one after another. Threads: one.
class WindowMaker {
  public:
    /// Fills in what has been measured since the last call, or since this was made.
    void complete(Window& window);

  private:
    Time start_ = Clock::now();
    Time last_ = start_;
    Duration cpu_ = process_cpu_time();
    Statistics before_;
};

}  // namespace scrim
