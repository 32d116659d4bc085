#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/columns.h"
#include "app/models.h"
#include "app/options.h"
#include "segment/model_files.h"
#include "segment/registry.h"

namespace scrim {
namespace {

std::string state_of(const NetworkEntry& network) {
    const auto folder = installed_in(network);
    if (!folder) return "-";
    return damage(network, *folder).empty() ? "installed" : "damaged";
}

/// "npm:PACKAGE" as words.
std::string shown_origin(const std::string& origin) {
    constexpr std::string_view npm = "npm:";
    return origin.starts_with(npm) ? "the npm package " + origin.substr(npm.size()) : origin;
}

void print_network(const NetworkEntry& network, bool used) {
    const std::string gives = fmt::format("{}", fmt::join(network.gives, ", "));
    fmt::print("{} {:<29}  {:>7}  {:<22}  {}\n", used ? '*' : ' ', network.name,
               shown_bytes(network.bytes()), gives, state_of(network));
}

void list_models(const std::filesystem::path& config) {
    std::vector<const NetworkEntry*> used;
    if (!config.empty()) used = networks_of(scene_of_option(config).config);
    std::string family;
    for (const NetworkEntry& network : Catalogue::built_in().networks()) {
        if (network.family != family) {
            fmt::print("{}{}\n{}, from {}\n", family.empty() ? "" : "\n", network.family,
                       network.licence, shown_origin(network.family_origin));
            family = network.family;
        }
        print_network(network, std::find(used.begin(), used.end(), &network) != used.end());
    }
    std::vector<Row> kinds;
    for (const ModelKind& kind : model_kinds())
        kinds.push_back({std::string(kind.name), std::string(kind.help)});
    fmt::print("\nIn a configuration, `model:` can be\n{}\n",
               columns(kinds, "  ", Paper::of_standard_output()));
    if (!used.empty()) fmt::print("* the one that the configuration uses\n");
    fmt::print(
        "?: no checksum is known; only the connection vouches for the files.\n"
        "`scrim models pull NAME` fetches one into {}.\n",
        own_model_folder().string());
}

}  // namespace

void add_models_list(CLI::App& models) {
    auto config = std::make_shared<std::filesystem::path>();
    const auto add_config = [&](CLI::App& command) {
        command.add_option("-c,--config", *config, "mark the network that this one uses")
            ->type_name("FILE");
    };
    // What is done where nothing is said, too.
    add_config(models);
    models.callback([&models, config] {
        if (models.get_subcommands().empty()) list_models(*config);
    });
    auto* const command =
        models.add_subcommand("list", "List the networks: size, what they give, whether installed");
    add_config(*command);
    command->callback([config] { list_models(*config); });
}

}  // namespace scrim
