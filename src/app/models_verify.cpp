#include <string>

#include <fmt/format.h>

#include "app/models.h"
#include "util/error.h"

namespace scrim {
namespace {

void verify() {
    std::string damaged;
    int installed = 0;
    for (const NetworkEntry& network : Catalogue::built_in().networks()) {
        const auto folder = installed_in(network);
        if (!folder) continue;
        ++installed;
        const std::string wrong = damage(network, *folder);
        if (!wrong.empty()) {
            fmt::print("{}: {}\n", network.name, wrong);
            damaged += " " + network.name;
        } else {
            fmt::print("{}: {}\n", network.name,
                       network.verifiable() ? "right" : "can be loaded; no checksum is known");
        }
    }
    if (installed == 0) fmt::print("No network is installed. `scrim models pull` fetches one.\n");
    if (!damaged.empty()) {
        throw Error("damaged:{}; `scrim models pull{}` fetches what is missing or wrong", damaged,
                    damaged);
    }
}

}  // namespace

void add_models_verify(CLI::App& models) {
    models.add_subcommand("verify", "Check the files of the installed networks by their checksums")
        ->callback(verify);
}

}  // namespace scrim
