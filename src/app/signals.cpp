#include "app/signals.h"

#include <csignal>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "util/thread.h"

namespace scrim {
namespace {

/// What the destructor sends to its own thread, to end the wait.
constexpr int wake_up = SIGUSR2;

sigset_t set_of(std::initializer_list<int> signals) {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : signals)
        sigaddset(&set, signal);
    return set;
}

bool terminal_is_gone() {
    pollfd terminal{STDERR_FILENO, 0, 0};
    return ::poll(&terminal, 1, 0) > 0 && (terminal.revents & (POLLHUP | POLLERR)) != 0;
}

}  // namespace

void ignore_broken_pipes() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

void Signals::block(Which which) {
    const sigset_t set = which == Which::all ? set_of({SIGINT, SIGTERM, SIGUSR1, SIGHUP, wake_up})
                                             : set_of({SIGINT, SIGTERM, wake_up});
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Signals::Signals(Actions actions) : actions_(std::move(actions)), thread_([this] { wait(); }) {}

Signals::~Signals() {
    pthread_kill(thread_.native_handle(), wake_up);
}

void Signals::wait() {
    name_thread("signals");
    sigset_t awaited = set_of({SIGINT, SIGTERM, wake_up});
    if (actions_.pause) sigaddset(&awaited, SIGUSR1);
    if (actions_.reload) sigaddset(&awaited, SIGHUP);
    int received = 0;
    while (sigwait(&awaited, &received) == 0 && received != wake_up) {
        if (received == SIGUSR1) {
            actions_.pause();
        } else if (received == SIGHUP && !terminal_is_gone()) {
            actions_.reload();
        } else {
            // From here on a second one ends the program.
            const sigset_t again = set_of({SIGINT, SIGTERM});
            std::signal(SIGINT, SIG_DFL);
            std::signal(SIGTERM, SIG_DFL);
            actions_.stop();
            sigdelset(&awaited, SIGINT);
            sigdelset(&awaited, SIGTERM);
            pthread_sigmask(SIG_UNBLOCK, &again, nullptr);
        }
    }
}

}  // namespace scrim
