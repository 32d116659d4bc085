#pragma once

#include <CLI/CLI.hpp>

namespace scrim {

/// Adds `inspect FILE` to `scrim models`.
void add_models_inspect(CLI::App& models);

}  // namespace scrim
