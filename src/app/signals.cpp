#include "app/signals.h"

#include <csignal>
#include <utility>

#include <pthread.h>

#include "util/thread.h"

namespace scrim {
namespace {

/// What the destructor sends to its own thread, to end the wait.
constexpr int wake_up = SIGUSR2;

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

}  // namespace

void ignore_broken_pipes() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

void StopSignals::block() {
    sigset_t set = stop_signals();
    sigaddset(&set, wake_up);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

StopSignals::StopSignals(std::function<void()> stop)
    : thread_([this, stop = std::move(stop)] { wait(stop); }) {}

StopSignals::~StopSignals() {
    pthread_kill(thread_.native_handle(), wake_up);
}

void StopSignals::wait(const std::function<void()>& stop) {
    name_thread("signals");
    sigset_t set = stop_signals();
    sigaddset(&set, wake_up);
    int received = 0;
    if (sigwait(&set, &received) != 0 || received == wake_up) return;
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    stop();
    const sigset_t again = stop_signals();
    pthread_sigmask(SIG_UNBLOCK, &again, nullptr);  // from here on a second one ends the program
    sigset_t only_wake_up;
    sigemptyset(&only_wake_up);
    sigaddset(&only_wake_up, wake_up);
    sigwait(&only_wake_up, &received);
}

}  // namespace scrim
