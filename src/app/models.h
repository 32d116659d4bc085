#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "config/config.h"
#include "segment/catalogue.h"

namespace scrim {

// Each adds one command to `scrim models`. One file each.
void add_models_list(CLI::App& models);
void add_models_pull(CLI::App& models);
void add_models_verify(CLI::App& models);
void add_models_run(CLI::App& models);

/// The networks of the catalogue that a configuration needs: that of its model (where it has
/// weights of several kinds: the installed one, else the best), and what its filters ask for.
std::vector<const NetworkEntry*> networks_of(const Config& config);

/// "2.4 MB" or "49 kB"; "?" for 0, which is not known.
std::string shown_bytes(std::int64_t bytes);

}  // namespace scrim
