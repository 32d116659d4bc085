#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "segment/network/graph.h"
#include "segment/network_card.h"
#include "segment/segmenter.h"

namespace scrim {

/// Networks of one's own: `model: FILE.tflite` or `model: FOLDER/model.json`, relative to the
/// folder of the configuration, and the card beside it (FILE.yaml, model.yaml).

/// Whether `model` is the name of a file: by its ending.
bool names_network_file(std::string_view model);

/// Where the card of a network file is, whether it is there or not.
std::filesystem::path card_of(const std::filesystem::path& network);

/// The card of a network file; an empty one if there is none. Throws ConfigError.
NetworkCard read_card_of(const std::filesystem::path& network);

/// A network file as it is, with all its outputs (or the one that the card names).
struct OwnNetwork {
    Graph graph;
    NetworkFacts facts;
};

/// Throws Error: not readable, broken, not supported, or of open size where the card has none.
OwnNetwork import_network_file(const std::filesystem::path& network, const NetworkCard& card);

/// Whether the card says that the mask is to be cut. Throws ConfigError.
bool own_network_is_hard(const Config& config);

/// What is wrong with the configuration's network file or its card, without loading the network.
std::optional<std::string> own_network_problem(const Config& config);

/// The files that the configuration's network is made from, if it is one's own: for whoever wants
/// to know of changes. The card need not exist.
std::vector<std::filesystem::path> own_network_files(const Config& config);

/// Throws Error that says what is wrong, or what to write into the card.
std::unique_ptr<Segmenter> open_own_network(const Config& config);

}  // namespace scrim
