#include "app/models.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/models_inspect.h"
#include "segment/registry.h"

namespace scrim {
namespace {

bool hides_faces(const Config& config) {
    return std::any_of(config.layers.begin(), config.layers.end(), [](const LayerSpec& layer) {
        return std::any_of(layer.filters.begin(), layer.filters.end(),
                           [](const FilterCall& call) { return call.name == "anonymize"; });
    });
}

bool gives(const NetworkEntry& network, const char* what) {
    return std::find(network.gives.begin(), network.gives.end(), what) != network.gives.end();
}

}  // namespace

std::vector<const NetworkEntry*> networks_of(const Config& config) {
    const Catalogue& catalogue = Catalogue::built_in();
    std::vector<const NetworkEntry*> networks;
    if (const ModelKind* const kind = find_model(config.model)) {
        for (const std::string& file : kind->files(config)) {
            if (const NetworkEntry* network = catalogue.with_file(file))
                networks.push_back(network);
        }
    }
    const bool knows_faces = std::any_of(networks.begin(), networks.end(), [](const auto* network) {
        return gives(*network, "parts");
    });
    if (hides_faces(config) && !knows_faces) {
        networks.push_back(&catalogue.at("face_detection"));
        networks.push_back(&catalogue.at("face_detection_short"));
    }
    return networks;
}

std::string shown_bytes(std::int64_t bytes) {
    constexpr double kilo = 1e3;
    constexpr double mega = 1e6;
    const auto number = static_cast<double>(bytes);
    if (bytes <= 0) return "?";
    return bytes < 1'000'000 ? fmt::format("{:.0f} kB", number / kilo)
                             : fmt::format("{:.1f} MB", number / mega);
}

void add_models(CLI::App& app) {
    auto* const command =
        app.add_subcommand("models", "List, fetch and check the networks that `model:` can name");
    command->require_subcommand(0, 1);
    add_models_list(*command);
    add_models_pull(*command);
    add_models_verify(*command);
    add_models_run(*command);
    add_models_inspect(*command);
    command->footer(
        "  scrim models                               the list\n"
        "  scrim models pull                          what your configuration needs\n"
        "  scrim models pull mobilenet-050-stride16   another one\n"
        "\n"
        "Networks are kept in $SCRIM_MODEL_DIR, or scrim/models in $XDG_DATA_HOME "
        "(~/.local/share).\n"
        "SCRIM_MODEL_MIRROR names a folder or an address to take the files from instead.");
}

}  // namespace scrim
