#pragma once

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

#include "pipeline/scene.h"

namespace scrim {

/// Adds `--config FILE` to a command.
void add_config_option(CLI::App& command, std::filesystem::path& path);

/// The configuration of `--config`, else the user's own, else the default; prints its warnings.
Scene scene_of_option(const std::filesystem::path& path);

/// The file of `--config`, else the user's own, there or not.
std::filesystem::path file_of_config(const std::filesystem::path& path);

/// Where that configuration comes from, for people.
std::string name_of_config(const std::filesystem::path& path);

}  // namespace scrim
