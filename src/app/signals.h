#pragma once

#include <functional>
#include <thread>

namespace scrim {

/// A reader of standard output that goes away, or a file that may not grow, is an error of a write,
/// not the end of the program.
void ignore_broken_pipes();

/// While this lives, signals call functions on a thread of its own: SIGINT and SIGTERM `stop`, once
/// (a second one ends the program at once); where they are given, SIGUSR1 `pause` and SIGHUP
/// `reload`. A SIGHUP because the terminal was closed means `stop`. Must be made before other
/// threads are, so that they leave the signals to it.
class Signals {
  public:
    struct Actions {
        std::function<void()> stop;
        std::function<void()> pause = nullptr;
        std::function<void()> reload = nullptr;
    };

    explicit Signals(Actions actions);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    enum class Which { stop, all };
    /// Blocks the signals in the calling thread and in all that it starts from now on.
    static void block(Which which);

  private:
    void wait();

    const Actions actions_;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace scrim
