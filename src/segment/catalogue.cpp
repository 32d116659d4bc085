#include "segment/catalogue.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <glib.h>
#include <yaml-cpp/yaml.h>

#include "networks.h"
#include "segment/model_files.h"
#include "segment/network/tfjs_file.h"
#include "segment/network/tfjs_importer.h"
#include "segment/network/tfjs_weights.h"
#include "util/error.h"
#include "util/words.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

struct DeleteChecksum {
    void operator()(GChecksum* checksum) const { g_checksum_free(checksum); }
};

NetworkFile read_file(const YAML::Node& node) {
    NetworkFile file{node["file"].as<std::string>(), node["bytes"].as<std::int64_t>(0),
                     node["sha256"].as<std::string>("")};
    const bool known = file.bytes > 0 && file.sha256.size() == 64;
    if (!known && (file.bytes != 0 || !file.sha256.empty())) {
        throw Error("{}: bytes and sha256 belong together", file.name);
    }
    return file;
}

NetworkEntry read_network(const YAML::Node& family, const YAML::Node& node) {
    using Words = std::vector<std::string>;
    NetworkEntry network;
    network.name = node["name"].as<std::string>();
    network.family = family["family"].as<std::string>();
    network.licence = family["licence"].as<std::string>();
    network.gives = family["gives"].as<Words>();
    network.outputs = family["outputs"].as<Words>();
    network.family_origin = family["from"].as<std::string>();
    network.origin = network.family_origin;
    if (node["at"]) network.origin += "/" + node["at"].as<std::string>();
    for (const YAML::Node& file : node["files"])
        network.files.push_back(read_file(file));
    if (network.files.empty()) throw Error("{} has no files", network.name);
    if (network.files.size() > 1 && !network.verifiable()) {
        throw Error("{}: all of its files need a sha256, or the model stands alone", network.name);
    }
    return network;
}

/// Throws Error for a network that cannot be opened.
void try_to_load(const NetworkEntry& network, const Locate& locate) {
    const std::string& model = network.model().name;
    const auto read = [&](const std::string& name) {
        return read_model_file_at(locate(fs::path(model).parent_path() / name));
    };
    // Any size that all strides divide (less the one pixel) will do.
    constexpr int side = 65;
    import_tfjs(read_model_file_at(locate(model)), read, {side, side, network.outputs, true});
}

}  // namespace

bool NetworkEntry::verifiable() const {
    return std::none_of(files.begin(), files.end(),
                        [](const NetworkFile& file) { return file.sha256.empty(); });
}

std::int64_t NetworkEntry::bytes() const {
    std::int64_t sum = 0;
    for (const NetworkFile& file : files)
        sum += file.bytes;
    return sum;
}

Catalogue::Catalogue(const std::string& yaml) {
    try {
        std::set<std::string> names;
        for (const YAML::Node& family : YAML::Load(yaml)) {
            for (const YAML::Node& node : family["networks"]) {
                networks_.push_back(read_network(family, node));
                if (!names.insert(networks_.back().name).second) {
                    throw Error("{} is there twice", networks_.back().name);
                }
            }
        }
    } catch (const YAML::Exception& e) {
        throw Error("the list of networks cannot be read: {}", e.what());
    }
}

const Catalogue& Catalogue::built_in() {
    static const Catalogue catalogue(networks_yaml);
    return catalogue;
}

const NetworkEntry* Catalogue::find(std::string_view name) const {
    const auto found = std::find_if(networks_.begin(), networks_.end(),
                                    [&](const NetworkEntry& entry) { return entry.name == name; });
    return found == networks_.end() ? nullptr : &*found;
}

const NetworkEntry& Catalogue::at(std::string_view name) const {
    if (const NetworkEntry* found = find(name)) return *found;
    std::vector<std::string> names;
    names.reserve(networks_.size());
    for (const NetworkEntry& entry : networks_)
        names.push_back(entry.name);
    const auto meant = closest_word(name, names);
    throw Error("there is no network \"{}\"; {}", name,
                meant ? fmt::format("did you mean \"{}\"?", *meant) : "`scrim models` lists them");
}

const NetworkEntry* Catalogue::with_file(std::string_view file) const {
    const auto has_it = [&](const NetworkEntry& entry) {
        return std::any_of(entry.files.begin(), entry.files.end(),
                           [&](const NetworkFile& one) { return one.name == file; });
    };
    const auto found = std::find_if(networks_.begin(), networks_.end(), has_it);
    return found == networks_.end() ? nullptr : &*found;
}

std::string how_to_get(std::string_view file) {
    const NetworkEntry* const network = Catalogue::built_in().with_file(file);
    if (network == nullptr) return "copy it there";
    return fmt::format("`scrim models pull {}` fetches it", network->name);
}

std::string sha256_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    const std::unique_ptr<GChecksum, DeleteChecksum> sum(g_checksum_new(G_CHECKSUM_SHA256));
    std::array<char, 65536> buffer;
    while (stream.read(buffer.data(), buffer.size()) || stream.gcount() > 0) {
        g_checksum_update(sum.get(), reinterpret_cast<const guchar*>(buffer.data()),
                          stream.gcount());
    }
    if (!stream.eof()) throw Error("cannot read {}", path.string());
    return g_checksum_get_string(sum.get());
}

bool is_right(const NetworkFile& file, const fs::path& path) {
    std::error_code failed;
    if (!fs::is_regular_file(path, failed)) return false;
    const auto size = fs::file_size(path, failed);
    if (failed || size != static_cast<std::uintmax_t>(file.bytes)) return false;
    return sha256_of(path) == file.sha256;
}

std::optional<fs::path> installed_in(const NetworkEntry& network) {
    for (fs::path& folder : model_folders()) {
        std::error_code failed;
        if (fs::exists(folder / network.model().name, failed)) return std::move(folder);
    }
    return std::nullopt;
}

std::vector<NetworkFile> weight_files(const NetworkEntry& network, const fs::path& path) {
    const fs::path folder = fs::path(network.model().name).parent_path();
    const TfjsFile model(read_model_file_at(path));
    std::vector<NetworkFile> files;
    for (const TfjsWeightGroup& group : model.weights()) {
        for (const std::string& name : group.files) {
            check_weight_file_name(name);
            files.push_back({folder / name, 0, ""});
        }
    }
    return files;
}

std::string damage(const NetworkEntry& network, const fs::path& folder) {
    return damage(network, [&](const std::string& name) { return folder / name; });
}

std::string damage(const NetworkEntry& network, const Locate& locate) {
    if (network.verifiable()) {
        for (const NetworkFile& file : network.files) {
            const fs::path path = locate(file.name);
            std::error_code failed;
            if (!fs::exists(path, failed)) return path.string() + " is missing";
            if (!is_right(file, path)) {
                return path.string() + " is not the file that Scrim was tested with (sha256)";
            }
        }
        return {};
    }
    try {
        try_to_load(network, locate);
    } catch (const Error& e) {
        return e.what();
    }
    return {};
}

}  // namespace scrim
