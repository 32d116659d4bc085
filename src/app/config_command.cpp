#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/profile_store.h"
#include "config/config.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace scrim {
namespace {

struct InitOptions {
    std::filesystem::path file;
    bool force = false;
};

void say_what_next(const std::filesystem::path& file, bool own) {
    const std::string option = own ? "" : " --config " + file.string();
    fmt::print(
        "Wrote {}\n\n"
        "What next:\n"
        "  $EDITOR {}\n"
        "  scrim check {}\n"
        "  scrim run{}\n",
        file.string(), file.string(), file.string(), option);
}

void init(const InitOptions& options) {
    const bool own = options.file.empty();
    const ProfileStore store(user_config_path());
    const std::filesystem::path file = own ? store.config() : options.file;
    if (own) {
        std::error_code error;
        std::filesystem::create_directories(file.parent_path(), error);
        if (options.force) {
            if (const auto name = store.keep()) {
                fmt::print("The configuration before is the profile \"{}\" now\n", *name);
            }
        }
    }
    AtomicFile out(file);
    out.write(default_config_text());
    out.sync();
    if (options.force) {
        out.finish();
    } else if (!out.finish_new()) {
        throw Error("{} is there already and stays as it is; --force replaces it", file.string());
    }
    say_what_next(file, own);
}

/// The text that `scrim run` would use.
void show() {
    const ProfileStore store(user_config_path());
    fmt::print("{}", store.has_config() ? read_config_file(store.config()) : default_config_text());
}

}  // namespace

void add_config(CLI::App& app) {
    auto* const command = app.add_subcommand("config", "Write a configuration to begin with");
    command->require_subcommand(0, 1);
    command->callback([command] {
        if (command->get_subcommands().empty()) fmt::print("{}", command->help());
    });
    auto options = std::make_shared<InitOptions>();

    auto* const starter = command->add_subcommand("init", "Write the default configuration");
    starter->add_option("file", options->file, "where; otherwise " + user_config_path().string())
        ->type_name("FILE");
    starter->add_flag("--force", options->force, "replace a file that is there");
    starter->callback([options] { init(*options); });

    command->add_subcommand("path", "Print where your configuration is")->callback([] {
        fmt::print("{}\n", user_config_path().string());
    });
    command->add_subcommand("show", "Print your configuration, or the default without one")
        ->callback(show);
    command->footer(
        "  scrim config init && $EDITOR \"$(scrim config path)\"\n"
        "  scrim config init office.yaml");
}

}  // namespace scrim
