#include "segment/model_files.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "segment/catalogue.h"
#include "util/error.h"
#include "util/fd.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t max_size = std::int64_t{64} << 20;

std::string environment(const char* name, const std::string& otherwise = {}) {
    const char* value = std::getenv(name);
    return value == nullptr || *value == 0 ? otherwise : value;
}

std::vector<fs::path> folders_in(const std::string& list) {
    std::vector<fs::path> folders;
    std::size_t begin = 0;
    while (begin <= list.size()) {
        const std::size_t end = std::min(list.find(':', begin), list.size());
        if (end > begin) folders.emplace_back(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return folders;
}

/// Empty where the environment says nothing of it.
std::string data_home() {
    const std::string home = environment("HOME");
    return environment("XDG_DATA_HOME", home.empty() ? "" : home + "/.local/share");
}

}  // namespace

std::vector<fs::path> model_folders() {
    std::vector<fs::path> folders;
    const std::string own = environment("SCRIM_MODEL_DIR");
    if (!own.empty()) folders.emplace_back(own);
    for (fs::path& folder : folders_in(environment("SCRIM_MODEL_PATH")))
        folders.push_back(std::move(folder));
    std::vector<fs::path> data;
    if (const std::string home = data_home(); !home.empty()) data.emplace_back(home);
    for (auto& folder : folders_in(environment("XDG_DATA_DIRS", "/usr/local/share:/usr/share"))) {
        data.push_back(std::move(folder));
    }
    std::error_code unknown;
    const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
    if (!unknown) data.push_back(program.parent_path().parent_path() / "share");

    for (const auto& folder : data) {
        // The XDG specification says that relative ones are to be passed over.
        if (!folder.is_absolute()) continue;
        fs::path models = folder / "scrim" / "models";
        if (std::find(folders.begin(), folders.end(), models) == folders.end()) {
            folders.push_back(std::move(models));
        }
    }
    return folders;
}

fs::path own_model_folder() {
    const std::string own = environment("SCRIM_MODEL_DIR");
    if (!own.empty()) return own;
    const fs::path home = data_home();
    if (!home.is_absolute()) {
        throw Error("there is no folder for networks: set SCRIM_MODEL_DIR to one, or HOME");
    }
    return home / "scrim" / "models";
}

std::string shown_model_folders() {
    std::string shown;
    for (const auto& folder : model_folders())
        shown += (shown.empty() ? "" : ", ") + folder.string();
    return shown;
}

std::optional<fs::path> find_model_file(std::string_view name) {
    for (const auto& folder : model_folders()) {
        std::error_code failed;
        fs::path path = folder / name;
        if (fs::exists(path, failed)) return path;
    }
    return std::nullopt;
}

std::vector<std::byte> read_model_file(std::string_view name) {
    if (const auto path = find_model_file(name)) return read_model_file_at(*path);
    throw Error("the network file {} is missing: it is in none of {}; {}", name,
                shown_model_folders(), how_to_get(name));
}

std::vector<std::byte> read_model_file_at(const fs::path& path) {
    const auto failure = [&](std::string_view why) {
        return Error("cannot read the network file {}: {}", path.string(), why);
    };
    // Not to hang on a pipe that somebody put there.
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) throw failure(system_message(errno));
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) throw failure(system_message(errno));
    if (S_ISDIR(status.st_mode)) throw failure("it is a folder");
    if (!S_ISREG(status.st_mode)) throw failure("it is not a regular file");
    if (status.st_size == 0) throw failure("it is empty; fetch it again");
    if (status.st_size > max_size) throw failure("it is larger than 64 MiB");

    std::vector<std::byte> content(static_cast<std::size_t>(status.st_size));
    std::size_t have = 0;
    while (have < content.size()) {
        const ssize_t got = ::read(fd.get(), content.data() + have, content.size() - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw failure(system_message(errno));
        if (got == 0) throw failure("it became shorter while it was read");
        have += static_cast<std::size_t>(got);
    }
    return content;
}

}  // namespace scrim
