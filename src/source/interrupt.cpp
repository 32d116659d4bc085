#include "source/interrupt.h"

#include <cerrno>

#include <poll.h>
#include <sys/eventfd.h>

#include "util/error.h"

namespace scrim {

Interrupt::Interrupt() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_) throw Error("cannot make an event descriptor: {}", system_message(errno));
}

void Interrupt::trigger() noexcept {
    const int saved = errno;
    flag_.store(true);
    // It can only fail when it is set already.
    [[maybe_unused]] const int result = ::eventfd_write(event_.get(), 1);
    errno = saved;
}

bool Interrupt::sleep_until(Time time) const {
    while (!triggered()) {
        const Duration left = time - Clock::now();
        if (left <= Duration::zero()) return true;
        const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
        const timespec timeout{static_cast<std::time_t>(whole.count()),
                               static_cast<long>(std::chrono::nanoseconds(left - whole).count())};
        pollfd descriptor{event_.get(), POLLIN, 0};
        ::ppoll(&descriptor, 1, &timeout, nullptr);
    }
    return false;
}

}  // namespace scrim
