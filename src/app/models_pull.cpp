#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/download_line.h"
#include "app/models.h"
#include "app/network_fetcher.h"
#include "app/options.h"
#include "app/signals.h"
#include "segment/model_files.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

struct PullOptions {
    std::vector<std::string> names;
    fs::path config;
};

std::vector<const NetworkEntry*> wanted(const PullOptions& options) {
    if (options.names.empty()) return networks_of(scene_of_option(options.config).config);
    std::vector<const NetworkEntry*> networks;
    for (const std::string& name : options.names)
        networks.push_back(&Catalogue::built_in().at(name));
    return networks;
}

bool installed(const NetworkEntry& network) {
    const auto folder = installed_in(network);
    if (!folder || !damage(network, *folder).empty()) return false;
    fmt::print("{} is installed in {}\n", network.name, folder->string());
    return true;
}

/// What should not go unsaid of a network that has just come.
void say_what_to_know(const NetworkEntry& network, const fs::path& folder) {
    if (!network.verifiable()) {
        fmt::print(stderr,
                   "scrim: no checksum of {} is known: it can be loaded, but only the connection "
                   "to where it came from vouches for it\n",
                   network.name);
    }
    const auto found = installed_in(network);
    if (found && *found != folder) {
        fmt::print(stderr,
                   "scrim: {} is damaged and still the one that is found first; remove it\n",
                   (*found / network.model().name).string());
    }
}

void pull(const PullOptions& options) {
    const std::vector<const NetworkEntry*> networks = wanted(options);
    Signals::block(Signals::Which::stop);
    std::atomic<bool> stop{false};
    const Signals signals({.stop = [&stop] { stop = true; }});

    DownloadLine line;
    const char* const mirror = std::getenv("SCRIM_MODEL_MIRROR");
    const fs::path folder = own_model_folder();
    NetworkFetcher fetcher(
        {.folder = folder,
         .mirror = mirror == nullptr ? "" : mirror,
         .progress = [&line](const std::string& file, std::int64_t have,
                             std::int64_t total) { line.update(file, have, total); },
         .stopped = [&stop] { return stop.load(); }});
    for (const NetworkEntry* network : networks) {
        if (installed(*network)) continue;
        fetcher.fetch(*network);
        line.clear();
        fmt::print("{} fetched into {}\n", network->name, folder.string());
        say_what_to_know(*network, folder);
    }
}

}  // namespace

void add_models_pull(CLI::App& models) {
    auto options = std::make_shared<PullOptions>();
    auto* const command =
        models.add_subcommand("pull", "Fetch networks, checked, where they are not installed");
    command
        ->add_option("name", options->names,
                     "as `scrim models` lists them; otherwise what the configuration needs")
        ->type_name("NAME");
    add_config_option(*command, options->config);
    command->footer(
        "  scrim models pull                          what your configuration needs\n"
        "  scrim models pull mobilenet-050-stride16   that one\n"
        "\n"
        "What has come is kept when the connection breaks, and completed the next time.\n"
        "SCRIM_MODEL_MIRROR names a folder or an address to take the files from instead.");
    command->callback([options] { pull(*options); });
}

}  // namespace scrim
