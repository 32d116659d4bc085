#include <array>
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "util/error.h"
#include "util/fd.h"

namespace scrim {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

std::filesystem::path home() {
    const char* const variable = std::getenv("HOME");
    if (variable != nullptr && *variable != '\0') return variable;
    const passwd* const user = ::getpwuid(::getuid());
    return user != nullptr ? user->pw_dir : "/";
}

}  // namespace

std::string read_config_file(const std::filesystem::path& path) {
    const auto fail = [&path](const std::string& reason) {
        return Error("cannot read the configuration {}: {}", path.string(), reason);
    };
    const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) throw fail(system_message(errno));

    struct stat status {};
    if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode)) {
        throw fail("it is a folder; name the file in it");
    }
    std::string text;
    std::array<char, 1 << 16> piece{};
    while (true) {
        const ssize_t got = ::read(file.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw fail(system_message(errno));
        if (got == 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (text.size() > kMostBytes) throw fail("it is larger than 1 MiB");
    }
}

std::filesystem::path user_config_path() {
    const char* const variable = std::getenv("XDG_CONFIG_HOME");
    // A relative one is to be ignored, says the XDG specification.
    const bool usable = variable != nullptr && *variable == '/';
    const std::filesystem::path base =
        usable ? std::filesystem::path(variable) : home() / ".config";
    return base / "scrim" / "config.yaml";
}

}  // namespace scrim
