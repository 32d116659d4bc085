#include <sstream>
#include <string>

#include <fmt/format.h>

#include "app/commands.h"
#include "segment/model_files.h"
#include "segment/registry.h"

namespace scrim {
namespace {

void list_models() {
    for (const ModelKind& kind : model_kinds()) {
        fmt::print("{:<22} {}\n{:<22} {}\n", kind.name, kind.help, "", kind.licence);
        std::istringstream files{std::string(kind.files)};
        for (std::string name; files >> name;) {
            const auto path = find_model_file(name);
            fmt::print("{:<22} {}\n", "",
                       path ? path->string() : name + ": not installed; run scripts/bootstrap");
        }
    }
}

}  // namespace

void add_models(CLI::App& app) {
    auto* const command = app.add_subcommand("models", "List the networks that `model:` can name");
    command->callback(list_models);
}

}  // namespace scrim
