#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/options.h"
#include "segment/model_files.h"
#include "segment/registry.h"

namespace scrim {
namespace {

void list_models(const std::filesystem::path& config) {
    Config settings;
    const ModelKind* used = nullptr;
    if (!config.empty()) {
        settings = scene_of_option(config).config;
        used = find_model(settings.model);
    }
    for (const ModelKind& kind : model_kinds()) {
        fmt::print("{:<22} {}\n{:<22} {}{}\n", kind.name, kind.help, "", kind.licence,
                   &kind == used ? "; the one that the configuration uses" : "");
        for (const std::string& name : kind.files(settings)) {
            const auto path = find_model_file(name);
            fmt::print("{:<22} {}\n", "",
                       path ? path->string()
                            : fmt::format("{}: not installed; {}", name, kind.origin(settings)));
        }
    }
}

}  // namespace

void add_models(CLI::App& app) {
    auto* const command = app.add_subcommand("models", "List the networks that `model:` can name");
    auto config = std::make_shared<std::filesystem::path>();
    command->add_option("-c,--config", *config, "mark the network that this one uses")
        ->type_name("FILE");
    command->callback([config] { list_models(*config); });
}

}  // namespace scrim
