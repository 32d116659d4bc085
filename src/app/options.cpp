#include "app/options.h"

#include <fmt/format.h>

namespace scrim {
namespace {

std::filesystem::path chosen(const std::filesystem::path& path) {
    if (!path.empty()) return path;
    const auto own = user_config_path();
    std::error_code ignored;
    return std::filesystem::exists(own, ignored) ? own : std::filesystem::path();
}

}  // namespace

void add_config_option(CLI::App& command, std::filesystem::path& path) {
    command
        .add_option("-c,--config", path,
                    "configuration file (otherwise " + user_config_path().string() +
                        ", otherwise a blurred background)")
        ->type_name("FILE");
}

Scene scene_of_option(const std::filesystem::path& path) {
    Scene scene = load_scene(chosen(path));
    fmt::print(stderr, "{}", scene.diagnostics.render());
    return scene;
}

std::filesystem::path file_of_config(const std::filesystem::path& path) {
    return path.empty() ? user_config_path() : path;
}

std::string name_of_config(const std::filesystem::path& path) {
    const auto file = chosen(path);
    return file.empty() ? "the built-in configuration: blurred background" : file.string();
}

}  // namespace scrim
