#include "app/monitor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/error.h"
#include "util/log.h"
#include "util/thread.h"

namespace scrim {
namespace {

constexpr auto interval = std::chrono::seconds(1);

/// A client that does not read is none.
bool sent(const Fd& client, const std::string& line) {
    const auto size = static_cast<ssize_t>(line.size());
    return ::send(client.get(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT) == size;
}

}  // namespace

Monitor::Monitor(const Pipeline& pipeline, const Outputs& outputs)
    : pipeline_(pipeline), outputs_(outputs), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!outputs_.json.empty()) {
        json_.open(outputs_.json, std::ios::app);
        if (!json_) {
            throw Error("cannot write {}: {}", outputs_.json.string(), system_message(errno));
        }
    }
    try {
        socket_.emplace();
    } catch (const Error& error) {
        spdlog::debug("scrim top cannot look at this process: {}", error.what());
    }
    thread_ = std::jthread([this] { run(); });
}

Monitor::~Monitor() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(stop_.get(), &one, sizeof one);
}

void Monitor::run() {
    name_thread("statistics");
    Time next = Clock::now() + interval;
    while (true) {
        int patience = -1;
        if (wanted()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
            patience = std::max(static_cast<int>(left.count()), 0);
        }
        std::array<pollfd, 2> files{
            {{stop_.get(), POLLIN, 0}, {socket_ ? socket_->descriptor() : -1, POLLIN, 0}}};
        ::poll(files.data(), files.size(), patience);
        if (files[0].revents != 0) return;
        if (files[1].revents != 0) {
            const bool slept = !wanted();
            accept_clients();
            if (!slept) continue;
            // From the start until now says nothing of what is going on.
            Window asleep;
            asleep.now = pipeline_.statistics();
            windows_.complete(asleep);
            next = Clock::now() + interval;
        } else if (Clock::now() >= next) {
            report();
            next += interval;
        }
    }
}

void Monitor::accept_clients() {
    while (true) {
        Fd client(::accept4(socket_->descriptor(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!client) return;
        clients_.push_back(std::move(client));
    }
}

void Monitor::report() {
    Window window;
    window.now = pipeline_.statistics();
    window.paused = pipeline_.paused();
    window.source = pipeline_.source().name;
    window.sinks = pipeline_.sinks();
    windows_.complete(window);
    if (outputs_.line) fmt::print(stderr, "{}\n", line_of(window));
    if (!json_.is_open() && clients_.empty()) return;
    const std::string json = json_of(window).dump() + "\n";
    if (json_.is_open() && !(json_ << json << std::flush)) {
        spdlog::warn("{} cannot be written any more", outputs_.json.string());
        json_.close();
    }
    std::erase_if(clients_, [&json](const Fd& client) { return !sent(client, json); });
}

}  // namespace scrim
