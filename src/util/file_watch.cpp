#include "util/file_watch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

// Editors do several things to a file when they save it; this long after the last one they are
// done.
constexpr Duration quiet = std::chrono::milliseconds(50);
// Who keeps a file open without writing to it is done with it, too.
constexpr Duration slow_writer = std::chrono::seconds(2);
// Links in links; as many as the kernel follows.
constexpr int most_links = 40;

constexpr unsigned watched = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM |
                             IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

/// A new file will be written and closed; a link to an older one is there at once.
bool is_whole_when_made(const fs::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return true;
    return !S_ISREG(status.st_mode) || status.st_nlink > 1;
}

}  // namespace

FileWatch::FileWatch()
    : events_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
      poke_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!events_ || !poke_ || !stop_) throw Error("cannot watch files: {}", system_message(errno));
}

void FileWatch::watch(const std::vector<fs::path>& files) {
    entries_.clear();
    const auto before = std::exchange(folders_, {});
    for (const fs::path& file : files) {
        add_path(fs::absolute(file).lexically_normal(), most_links);
        std::error_code ignored;
        if (!fs::is_directory(file, ignored)) continue;
        const int folder = add_folder(file);
        if (folder >= 0) entries_.insert({folder, ""});
    }
    for (const auto& [folder, path] : before) {
        if (folders_.contains(folder)) continue;
        ::inotify_rm_watch(events_.get(), folder);
    }
    std::erase_if(writing_,
                  [this](const auto& one) { return !folders_.contains(one.first.first); });
}

/// Watches the name of the file in its folder, and the names of all links that lead there. Where
/// folders are missing, the name of the first missing one.
void FileWatch::add_path(const fs::path& path, int links_left) {
    fs::path folder = path.root_path();
    for (const fs::path& part : path.relative_path()) {
        const fs::path here = folder / part;
        std::error_code error;
        const fs::file_status status = fs::symlink_status(here, error);
        const bool link = status.type() == fs::file_type::symlink;
        const bool last = here == path;
        if (link || last || !fs::exists(status)) {
            const int watch = add_folder(folder);
            if (watch >= 0) entries_.insert({watch, part.string()});
        }
        if (!fs::exists(status)) return;
        if (link && links_left > 0) {
            fs::path target = folder / fs::read_symlink(here, error);
            if (!last) target /= path.lexically_relative(here);
            return add_path(target.lexically_normal(), links_left - 1);
        }
        folder = here;
    }
}

/// The same folder gives the same number. -1: it cannot be watched.
int FileWatch::add_folder(const fs::path& folder) {
    const int watch = ::inotify_add_watch(events_.get(), folder.c_str(), watched);
    if (watch >= 0) folders_[watch] = folder;
    return watch;
}

void FileWatch::read_events() {
    alignas(inotify_event) std::array<char, 1 << 14> buffer;
    while (true) {
        const ssize_t got = ::read(events_.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return;
        for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const char* const name = buffer.data() + at + sizeof event;
            take(event.wd, event.mask, event.len > 0 ? std::string(name) : std::string());
            at += sizeof event + event.len;
        }
    }
}

void FileWatch::take(int folder, unsigned what, const std::string& name) {
    const Time now = Clock::now();
    if ((what & IN_Q_OVERFLOW) != 0) changed_ = now;
    if (!folders_.contains(folder)) return;
    if ((what & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) != 0) {
        changed_ = now;
        return;
    }
    if (!entries_.contains({folder, name}) && !entries_.contains({folder, ""})) return;
    const Entry entry{folder, name};
    const bool made = (what & IN_CREATE) != 0;
    const bool written = (what & IN_MODIFY) != 0;
    if (written || (made && !is_whole_when_made(folders_[folder] / name))) {
        writing_[entry] = now;
        return;
    }
    // Another mode or time says nothing of who is writing.
    if ((what & IN_ATTRIB) == 0) writing_.erase(entry);
    changed_ = now;
}

void FileWatch::forget_slow_writers(Time now) {
    for (auto one = writing_.begin(); one != writing_.end();) {
        const bool slow = now - one->second > slow_writer;
        if (slow) changed_ = now;
        one = slow ? writing_.erase(one) : std::next(one);
    }
}

/// When to look again if no event comes; nothing = not before one does.
std::optional<Time> FileWatch::due(Time now) const {
    if (!writing_.empty()) return now + quiet;
    if (changed_) return *changed_ + quiet;
    return std::nullopt;
}

bool FileWatch::wait() {
    while (true) {
        read_events();
        const Time now = Clock::now();
        forget_slow_writers(now);
        const auto next = due(now);
        if (next && writing_.empty() && now >= *next) {
            changed_.reset();
            return true;
        }
        const auto left =
            next ? std::chrono::ceil<std::chrono::milliseconds>(*next - now).count() : -1;
        std::array<pollfd, 3> files{
            {{stop_.get(), POLLIN, 0}, {poke_.get(), POLLIN, 0}, {events_.get(), POLLIN, 0}}};
        ::poll(files.data(), files.size(), static_cast<int>(left));
        if (files[0].revents != 0) return false;
        std::uint64_t pokes = 0;
        if (::read(poke_.get(), &pokes, sizeof pokes) > 0) changed_ = now;
    }
}

bool FileWatch::disturbed() {
    read_events();
    return changed_.has_value() || !writing_.empty();
}

namespace {

void signal(const Fd& event) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(event.get(), &one, sizeof one);
}

}  // namespace

void FileWatch::poke() noexcept {
    signal(poke_);
}

void FileWatch::interrupt() noexcept {
    signal(stop_);
}

}  // namespace scrim
