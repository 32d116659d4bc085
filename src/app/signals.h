#pragma once

#include <functional>
#include <thread>

namespace scrim {

/// A reader of standard output that goes away, or a file that may not grow, is an error of a write,
/// not the end of the program.
void ignore_broken_pipes();

/// While this lives, SIGINT and SIGTERM call `stop`, once, on a thread of its own; a second signal
/// ends the program at once. Must be made before other threads are, so that they leave the signals
/// to it.
class StopSignals {
  public:
    explicit StopSignals(std::function<void()> stop);
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// Blocks the signals in the calling thread and in all that it starts from now on.
    static void block();

  private:
    void wait(const std::function<void()>& stop);
    std::jthread thread_;
};

}  // namespace scrim
