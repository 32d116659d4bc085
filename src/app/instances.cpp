#include "app/instances.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

constexpr const char* ending = ".sock";

sockaddr_un address_of(const fs::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = path.string();
    if (name.size() >= sizeof address.sun_path) {
        throw Error("the name {} is too long for a socket", name);
    }
    std::copy(name.begin(), name.end(), std::begin(address.sun_path));
    return address;
}

Fd new_socket() {
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) throw Error("cannot make a socket: {}", system_message(errno));
    return fd;
}

bool connects(int fd, const fs::path& path) {
    const sockaddr_un address = address_of(path);
    return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

fs::path socket_of(int process) {
    return instances_folder() / (std::to_string(process) + ending);
}

}  // namespace

fs::path instances_folder() {
    const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
    const bool own = runtime != nullptr && *runtime != '\0';
    fs::path folder = own ? fs::path(runtime) / "scrim"
                          : fs::temp_directory_path() / fmt::format("scrim-{}", ::getuid());
    if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
        throw Error("cannot make the folder {}: {}", folder.string(), system_message(errno));
    }
    struct stat status {};
    // Not through a link, and nobody else's: /tmp is open to all.
    if (::lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
        status.st_uid != ::getuid() || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        throw Error("the folder {} is not only yours; remove it", folder.string());
    }
    return folder;
}

InstanceSocket::InstanceSocket() : path_(socket_of(::getpid())), listening_(new_socket()) {
    constexpr int waiting = 8;
    ::unlink(path_.c_str());  // a process of that number that died
    const sockaddr_un address = address_of(path_);
    if (::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
            0 ||
        ::listen(listening_.get(), waiting) != 0) {
        throw Error("cannot listen at {}: {}", path_.string(), system_message(errno));
    }
}

InstanceSocket::~InstanceSocket() {
    ::unlink(path_.c_str());
}

std::vector<int> running_instances() {
    std::vector<int> processes;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(instances_folder(), ignored)) {
        const std::string name = entry.path().stem().string();
        int process = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
        if (entry.path().extension() != ending || error != std::errc() ||
            end != name.data() + name.size()) {
            continue;
        }
        if (connects(new_socket().get(), entry.path())) {
            processes.push_back(process);
        } else if (errno == ECONNREFUSED) {
            fs::remove(entry.path(), ignored);
        }
    }
    std::sort(processes.begin(), processes.end());
    return processes;
}

Fd connect_to_instance(int process) {
    Fd fd = new_socket();
    if (!connects(fd.get(), socket_of(process))) {
        throw Error("process {} is no scrim that runs: {}", process, system_message(errno));
    }
    return fd;
}

}  // namespace scrim
