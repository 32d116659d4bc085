#include "app/npm_package.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "app/download.h"
#include "util/child.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using Reason = DownloadError::Reason;

fs::path make_folder(const fs::path& where) {
    std::string name = where / ".incoming-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
        throw DownloadError(
            Reason::not_written,
            fmt::format("cannot write into {}: {}", where.string(), system_message(errno)));
    }
    return name;
}

/// The last line that is not empty.
std::string last_line(const std::string& text) {
    const std::size_t end = text.find_last_not_of(" \r\n");
    if (end == std::string::npos) return "no reason given";
    const std::size_t begin = text.find_last_of('\n', end);
    return text.substr(begin == std::string::npos ? 0 : begin + 1,
                       end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

/// The archive that npm has put there.
fs::path archive_in(const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".tgz") return entry.path();
    }
    throw DownloadError(Reason::refused, "npm gave no package");
}

}  // namespace

NpmPackage::NpmPackage(const std::string& name, const fs::path& where,
                       const std::function<bool()>& stopped)
    : folder_(make_folder(where)) {
    try {
        fetch(name, stopped);
    } catch (...) {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
        throw;
    }
}

NpmPackage::~NpmPackage() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void NpmPackage::fetch(const std::string& name, const std::function<bool()>& stopped) const {
    const ChildResult npm =
        run_program({"npm", "pack", "--silent", "--no-update-notifier", name}, folder_, stopped);
    if (stopped()) throw DownloadError(Reason::stopped, "interrupted");
    if (!npm.found) {
        throw DownloadError(Reason::unreachable,
                            "npm, which fetches it, is not installed: sudo apt install npm");
    }
    if (npm.status != 0) {
        throw DownloadError(Reason::unreachable,
                            fmt::format("npm could not fetch {}: {}", name, last_line(npm.output)));
    }
    const ChildResult tar = run_program({"tar", "-xzf", archive_in(folder_)}, folder_, stopped);
    if (!tar.found || tar.status != 0) {
        throw DownloadError(Reason::refused,
                            fmt::format("the package {} cannot be unpacked: {}", name,
                                        tar.found ? last_line(tar.output) : "there is no tar"));
    }
}

}  // namespace scrim
