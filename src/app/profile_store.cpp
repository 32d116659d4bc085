#include "app/profile_store.h"

#include <algorithm>
#include <ctime>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "config/config.h"
#include "config/utf8.h"
#include "util/atomic_file.h"
#include "util/error.h"
#include "util/words.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".yaml";
constexpr std::size_t kLongestName = 100;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= kLongestName && name.front() != '.' &&
           name.front() != '-' && name.find('/') == std::string_view::npos &&
           std::none_of(name.begin(), name.end(), is_control);
}

std::string_view without_ending(std::string_view name) {
    if (name.ends_with(kEnding)) name.remove_suffix(kEnding.size());
    return name;
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw Error("cannot make the folder {}: {}", folder.string(), error.message());
}

}  // namespace

ProfileStore::ProfileStore(fs::path config)
    : config_(std::move(config)), folder_(config_.parent_path() / "profiles") {}

bool ProfileStore::has_config() const {
    std::error_code ignored;
    return fs::exists(config_, ignored);
}

std::vector<std::string> ProfileStore::names() const {
    std::vector<std::string> names;
    std::error_code error;
    if (!fs::exists(folder_, error)) return names;
    for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        const std::string name = entry->path().stem().string();
        if (entry->path().extension() == kEnding && is_name(name) &&
            entry->is_regular_file(ignored)) {
            names.push_back(name);
        }
    }
    if (error) throw Error("cannot read the folder {}: {}", folder_.string(), error.message());
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<std::string> ProfileStore::name_of(std::string_view text) const {
    for (const std::string& name : names()) {
        try {
            if (read_config_file(file_of(name)) == text) return name;
        } catch (const Error&) {
            continue;  // one that cannot be read is not the one
        }
    }
    return std::nullopt;
}

fs::path ProfileStore::file_of(std::string_view name) const {
    const std::string_view stem = without_ending(name);
    if (!is_name(stem)) {
        throw Error(
            "\"{}\" cannot be the name of a profile: it has 1 to {} letters, no \"/\", and begins "
            "with neither \".\" nor \"-\"",
            printable(name, kLongestName), kLongestName);
    }
    return folder_ / fmt::format("{}{}", stem, kEnding);
}

fs::path ProfileStore::existing_file_of(std::string_view name) const {
    fs::path file = file_of(name);
    std::error_code ignored;
    if (fs::exists(file, ignored)) return file;
    const std::vector<std::string> known = names();
    const std::string_view stem = without_ending(name);
    if (known.empty()) {
        throw Error(
            "there is no profile \"{}\", and no other; `scrim profile save NAME` stores "
            "your configuration as one",
            stem);
    }
    const auto meant = closest_word(stem, known);
    throw Error("there is no profile \"{}\"; {}", stem,
                meant ? "did you mean \"" + *meant + "\"?" : "there is " + join_or(known));
}

bool ProfileStore::store(std::string_view name, const std::string& text, bool replace) const {
    const fs::path file = file_of(name);
    std::error_code ignored;
    if (fs::exists(file, ignored) && !replace) return read_config_file(file) == text;
    make_folder(folder_);
    AtomicFile out(file);
    out.write(text);
    // A configuration may hold a password (of a camera's address) and be kept from others for that.
    out.set_permissions(fs::status(config_).permissions());
    out.sync();
    if (!replace) return out.finish_new();
    out.finish();
    return true;
}

bool ProfileStore::save(std::string_view name, bool replace) const {
    const fs::path file = file_of(name);  // a name that cannot be is said first
    if (!has_config()) {
        throw Error("there is no configuration {} yet; `scrim config init` writes one",
                    config_.string());
    }
    return store(name, read_config_file(config_), replace);
}

std::optional<std::string> ProfileStore::keep() const {
    if (!has_config()) return std::nullopt;
    const std::string text = read_config_file(config_);
    if (name_of(text)) return std::nullopt;
    const std::string now = fmt::format("{:%Y-%m-%d_%H.%M.%S}", fmt::localtime(std::time(nullptr)));
    std::string name = now;
    for (int i = 2; !store(name, text, false); ++i)
        name = fmt::format("{}-{}", now, i);
    return name;
}

void ProfileStore::write_config(std::string_view text, fs::perms permissions) const {
    make_folder(config_.parent_path());
    AtomicFile file(config_);
    file.write(text);
    file.set_permissions(permissions);
    file.sync();
    file.finish();
}

}  // namespace scrim
