#pragma once

#include <chrono>
#include <mutex>

#include <spdlog/spdlog.h>

namespace scrim {

/// Log lines go to standard error through spdlog's default logger (spdlog::info, warn, error), set
/// up here once by main: `scrim: warning: text`, in colour on a terminal.
void set_up_log(bool verbose);

/// Lets a line through at most once per interval, so that the error of one frame does not become
/// thirty lines a second. Thread-safe.
///
///     static RateLimit limit(std::chrono::seconds(5));
///     if (limit.pass()) spdlog::warn("dropped a broken picture");
class RateLimit {
  public:
    explicit RateLimit(std::chrono::steady_clock::duration interval) : interval_(interval) {}
    bool pass();

  private:
    std::mutex mutex_;
    std::chrono::steady_clock::duration interval_;
    std::chrono::steady_clock::time_point next_{};
};

}  // namespace scrim
