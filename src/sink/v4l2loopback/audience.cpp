#include "sink/v4l2loopback/audience.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <utility>

#include <linux/videodev2.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/error.h"
#include "util/thread.h"
#include "v4l2/device.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

// v4l2loopback.h: V4L2LOOPBACK_EVENT_OFFSET + 1, with the number of streaming readers as payload.
constexpr std::uint32_t client_usage_event = V4L2_EVENT_PRIVATE_START + 0x08E00000 + 1;

bool subscribe(int device) {
    v4l2_event_subscription subscription{};
    subscription.type = client_usage_event;
    subscription.flags = V4L2_EVENT_SUB_FL_SEND_INITIAL;
    return v4l2::retry_ioctl(device, VIDIOC_SUBSCRIBE_EVENT, &subscription) == 0;
}

void unsubscribe(int device) {
    v4l2_event_subscription subscription{};
    subscription.type = client_usage_event;
    v4l2::retry_ioctl(device, VIDIOC_UNSUBSCRIBE_EVENT, &subscription);
}

bool same_file(const struct stat& a, const struct stat& b) {
    if (S_ISCHR(a.st_mode)) return S_ISCHR(b.st_mode) && a.st_rdev == b.st_rdev;
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace

Holders holders_of(const std::string& path) {
    Holders holders;
    struct stat node {};
    if (::stat(path.c_str(), &node) != 0) return holders;
    std::error_code gone;
    for (const auto& process : fs::directory_iterator("/proc", gone)) {
        const auto pid = v4l2::node_number(process.path().filename().string());
        if (!pid) continue;
        std::error_code error;
        fs::directory_iterator file(process.path() / "fd", error);
        holders.hidden = holders.hidden || error == std::errc::permission_denied;
        for (; !error && file != fs::directory_iterator(); file.increment(error)) {
            struct stat target {};
            if (::stat(file->path().c_str(), &target) != 0 || !same_file(node, target)) continue;
            if (*pid == ::getpid()) {
                ++holders.own;
                continue;
            }
            ++holders.others;
            if (holders.who.empty() || holders.who.back() != *pid) holders.who.push_back(*pid);
        }
    }
    return holders;
}

Audience::Audience(int device, std::string path, std::function<void(bool)> changed)
    : device_(device),
      path_(std::move(path)),
      changed_(std::move(changed)),
      event_(subscribe(device)),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      node_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    const bool watching =
        node_ && ::inotify_add_watch(node_.get(), path_.c_str(), IN_OPEN | IN_CLOSE) >= 0;
    if (!watching) node_ = Fd();
    if (!stop_ || (!event_ && !node_)) return;
    thread_ = std::thread([this] { run(); });
}

Audience::~Audience() {
    if (thread_.joinable()) {
        ::eventfd_write(stop_.get(), 1);
        thread_.join();
    }
    if (event_) unsubscribe(device_);
}

void Audience::run() {
    name_thread("audience");
    Attendance attendance(event_, holders_of(path_), Clock::now());
    if (event_) read_device(attendance);
    tell(attendance);
    bool device_works = event_;
    while (true) {
        int left = -1;
        if (const auto time = attendance.next_look()) {
            const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*time - Clock::now());
            left = std::max(static_cast<int>(wait.count()), 0);
        }
        std::array<pollfd, 3> files{{{stop_.get(), POLLIN, 0},
                                     {device_works ? device_ : -1, POLLPRI, 0},
                                     {node_.get(), POLLIN, 0}}};
        const int ready = ::poll(files.data(), files.size(), left);
        if ((ready < 0 && errno != EINTR) || (ready > 0 && files[0].revents != 0)) return;
        if (ready > 0 && files[1].revents != 0) {
            // A device that has failed is always ready, and has nothing to say.
            const bool failed = (files[1].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
            device_works = read_device(attendance) || !failed;
        }
        if (ready > 0 && files[2].revents != 0) read_node(attendance);
        const auto time = attendance.next_look();
        if (time && *time <= Clock::now()) look(attendance);
        tell(attendance);
    }
}

/// Takes the driver's events; whether there were any.
bool Audience::read_device(Attendance& attendance) {
    bool any = false;
    v4l2_event event{};
    while (v4l2::retry_ioctl(device_, VIDIOC_DQEVENT, &event) == 0) {
        any = true;
        if (event.type != client_usage_event) continue;
        std::uint32_t count = 0;
        std::memcpy(&count, event.u.data, sizeof count);
        attendance.streaming(count > 0);
    }
    return any;
}

void Audience::read_node(Attendance& attendance) {
    alignas(inotify_event) std::array<char, 4096> bytes{};
    ssize_t size = 0;
    while ((size = ::read(node_.get(), bytes.data(), bytes.size())) > 0) {
        for (ssize_t at = 0; at < size;) {
            inotify_event event{};
            std::memcpy(&event, bytes.data() + at, sizeof event);
            at += static_cast<ssize_t>(sizeof event + event.len);
            const Time now = Clock::now();
            if ((event.mask & IN_OPEN) != 0) attendance.opened(now);
            if ((event.mask & IN_CLOSE) != 0) attendance.closed(now);
            if ((event.mask & IN_Q_OVERFLOW) != 0) attendance.recount(holders_of(path_), now);
        }
    }
}

bool Audience::node_is_quiet() const {
    pollfd node{node_.get(), POLLIN, 0};
    return ::poll(&node, 1, 0) == 0;
}

/// Looks into /proc while nothing is opened or closed, so that nothing is counted twice; a device
/// that is never left alone for so long is looked at all the same.
void Audience::look(Attendance& attendance) {
    constexpr int most_tries = 5;
    Holders holders;
    for (int i = 0; i < most_tries; ++i) {
        read_node(attendance);
        holders = holders_of(path_);
        if (node_is_quiet()) break;
    }
    attendance.seen(holders, Clock::now());
}

void Audience::tell(const Attendance& attendance) {
    if (told_ == attendance.watched()) return;
    told_ = attendance.watched();
    changed_(*told_);
}

}  // namespace scrim
