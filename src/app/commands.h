#pragma once

#include <CLI/CLI.hpp>

namespace scrim {

// Each adds one command with its options to the program; the command's callback does the work and
// throws Error or ConfigError. One file each.
void add_run(CLI::App& app);
void add_top(CLI::App& app);
void add_process(CLI::App& app);
void add_render(CLI::App& app);
void add_check(CLI::App& app);
void add_bench(CLI::App& app);
void add_devices(CLI::App& app);
void add_doctor(CLI::App& app);
void add_filters(CLI::App& app);
void add_latency(CLI::App& app);
void add_models(CLI::App& app);
void add_config(CLI::App& app);
void add_profile(CLI::App& app);

}  // namespace scrim
