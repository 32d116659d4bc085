#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "app/commands.h"
#include "pipeline/scene.h"

namespace scrim {
namespace {

/// "with the person mask, body parts".
std::string what_is_found(const PersonNeeds& needs) {
    if (!needs.any()) return "no layer needs the person mask";
    std::string found;
    const auto add = [&](bool needed, const char* what) {
        if (needed) found += (found.empty() ? "with " : ", ") + std::string(what);
    };
    add(needs.mask, "the person mask");
    add(!needs.parts.empty(), "body parts");
    add(needs.keypoints.any(), "keypoints");
    add(needs.faces, "faces");
    return found;
}

void check(const std::filesystem::path& path) {
    Scene scene = load_scene(path);
    scene.prepare({.width = 1280, .height = 720, .tags = {}});
    const auto missing = scene.diagnostics.count(Diagnostic::Severity::missing);
    if (missing > 0) throw ConfigError(scene.diagnostics.render());
    fmt::print(stderr, "{}", scene.diagnostics.render());
    const auto layers = scene.config.layers.size();
    fmt::print("{}: correct; {} {}, {}\n", path.string(), layers, layers == 1 ? "layer" : "layers",
               what_is_found(scene.compositor.needs()));
}

}  // namespace

void add_check(CLI::App& app) {
    auto* const command =
        app.add_subcommand("check", "Say everything that is wrong in a configuration");
    auto path = std::make_shared<std::filesystem::path>();
    auto* const group = command->add_option_group("configuration");
    // Not "config": newer CLI11 takes that and --config for the same name.
    group->add_option("file", *path, "the configuration to check")->type_name("CONFIG");
    group->add_option("-c,--config", *path, "the same")->type_name("FILE");
    group->require_option(1);
    command->footer("  scrim check office.yaml && scrim run --config office.yaml");
    command->callback([path] { check(*path); });
}

}  // namespace scrim
