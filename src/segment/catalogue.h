#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scrim {

/// A file of a network.
struct NetworkFile {
    std::string name;        // below a folder of networks: "bodypix_float050/model-stride16.json"
    std::int64_t bytes = 0;  // 0 = not known
    std::string sha256;      // 64 small hexadecimal digits; empty = not known
};

/// A network that can be fetched.
struct NetworkEntry {
    std::string name;                  // "mobilenet-050-stride16"
    std::string family;                // "BodyPix on MobileNet"
    std::string licence;               // "Apache-2.0"
    std::vector<std::string> gives;    // "mask", "parts", "keypoints", "faces"
    std::vector<std::string> outputs;  // names of its results
    std::string origin;                // "npm:PACKAGE@VERSION", or an address without a final slash
    std::string family_origin;         // the same of the whole family
    std::vector<NetworkFile> files;    // the one to be opened last

    const NetworkFile& model() const { return files.back(); }
    /// Whether the checksums of all files are known. Where they are not, `files` is the model
    /// alone, a TensorFlow.js graph, and the weight files are those that it names.
    bool verifiable() const;
    /// Of all files; 0 = not known.
    std::int64_t bytes() const;
};

/// The networks that there are (data/networks.yaml), and where they can be had.
class Catalogue {
  public:
    /// Throws Error for a text that is not such a list.
    explicit Catalogue(const std::string& yaml);
    /// The one that is compiled in.
    static const Catalogue& built_in();

    const std::vector<NetworkEntry>& networks() const { return networks_; }
    /// Null if there is no network of that name.
    const NetworkEntry* find(std::string_view name) const;
    /// The same, but throws Error, with what was probably meant.
    const NetworkEntry& at(std::string_view name) const;
    /// The first network with that file; null if there is none.
    const NetworkEntry* with_file(std::string_view file) const;

  private:
    std::vector<NetworkEntry> networks_;
};

/// What to do about a file that is missing: "`scrim models pull NAME` fetches it".
std::string how_to_get(std::string_view file);

/// The SHA-256 of a file as 64 hexadecimal digits. Throws Error if it cannot be read.
std::string sha256_of(const std::filesystem::path& path);

/// Whether there is a regular file of exactly that content.
bool is_right(const NetworkFile& file, const std::filesystem::path& path);

/// The first of model_folders() that has the network's model, whatever its state.
std::optional<std::filesystem::path> installed_in(const NetworkEntry& network);

/// The files besides the model that an unverifiable network needs, by what the model at `path`
/// says. Throws Error: it cannot be read, or is no TensorFlow.js graph.
std::vector<NetworkFile> weight_files(const NetworkEntry& network,
                                      const std::filesystem::path& path);

/// Where a file of that name is at the moment.
using Locate = std::function<std::filesystem::path(const std::string& name)>;

/// What is wrong with a network: a file that is missing, or is not the one that is known (by
/// checksum); for a network without checksums, that it cannot be loaded. Empty if nothing is.
std::string damage(const NetworkEntry& network, const Locate& locate);
/// The same for one that is installed in that folder.
std::string damage(const NetworkEntry& network, const std::filesystem::path& folder);

}  // namespace scrim
