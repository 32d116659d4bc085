#include "util/atomic_file.h"

#include <atomic>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/error.h"

namespace scrim {

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
    static std::atomic<unsigned> count{0};
    temporary_ = path_;
    temporary_ += fmt::format(".{}-{}.part", ::getpid(), count++);
    fd_ = Fd(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd_) fail();
}

AtomicFile::~AtomicFile() {
    if (!done_ && fd_) ::unlink(temporary_.c_str());
}

void AtomicFile::write(const void* data, std::size_t size) {
    const char* bytes = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t written = ::write(fd_.get(), bytes, size);
        if (written < 0 && errno != EINTR) fail();
        if (written <= 0) continue;
        bytes += written;
        size -= static_cast<std::size_t>(written);
    }
}

void AtomicFile::set_permissions(std::filesystem::perms permissions) {
    if (::fchmod(fd_.get(), static_cast<mode_t>(permissions)) != 0) fail();
}

void AtomicFile::sync() {
    if (::fsync(fd_.get()) != 0) fail();
}

void AtomicFile::finish() {
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail();
    done_ = true;
}

bool AtomicFile::finish_new() {
    // A second name, since rename() would replace what has come there in the meantime.
    if (::link(temporary_.c_str(), path_.c_str()) == 0) return true;
    if (errno != EEXIST) fail();
    return false;
}

void AtomicFile::fail() const {
    throw Error("cannot write {}: {}", path_.string(), system_message(errno));
}

}  // namespace scrim
