#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/profile_store.h"
#include "config/config.h"
#include "pipeline/scene.h"
#include "util/error.h"

namespace scrim {
namespace {

struct ProfileOptions {
    std::string name;
    bool force = false;
};

void save(const ProfileOptions& options) {
    const ProfileStore store(user_config_path());
    if (!store.save(options.name, options.force)) {
        throw Error("there is a profile \"{}\" already, and it is different; --force replaces it",
                    options.name);
    }
    fmt::print("Stored {} as {}\n", store.config().string(), store.file_of(options.name).string());
}

/// Its own folder is `profiles`, but pictures are named as from the place that it is copied to.
std::string checked_text(const std::filesystem::path& file, const std::filesystem::path& folder) {
    std::string text = read_config_file(file);
    Scene scene = scene_of_text(text, file.string(), folder);
    scene.prepare({.width = 1280, .height = 720, .tags = {}});
    fmt::print(stderr, "{}", scene.diagnostics.render());
    return text;
}

void use(const ProfileOptions& options) {
    const ProfileStore store(user_config_path());
    const std::filesystem::path file = store.existing_file_of(options.name);
    const std::string text = checked_text(file, store.config().parent_path());

    std::error_code ignored;
    if (const auto name = store.keep()) {
        fmt::print("The configuration was not stored yet: it is the profile \"{}\" now\n", *name);
    }
    const auto link = std::filesystem::read_symlink(store.config(), ignored);
    store.write_config(text, std::filesystem::status(file).permissions());
    if (!link.empty()) {
        fmt::print("{} was a link; {}, to which it led, is unchanged\n", store.config().string(),
                   link.string());
    }
    fmt::print("{} is \"{}\" now\n", store.config().string(), file.stem().string());
}

void list() {
    const ProfileStore store(user_config_path());
    std::string now;
    if (store.has_config()) now = store.name_of(read_config_file(store.config())).value_or("");
    const auto names = store.names();
    for (const std::string& name : names)
        fmt::print("{} {}\n", name == now ? '*' : ' ', name);
    std::fflush(stdout);
    // What follows is for people, and not for scripts that read the list.
    if (names.empty()) {
        fmt::print(stderr, "No profiles. `scrim profile save NAME` stores your configuration.\n");
    } else if (now.empty() && store.has_config()) {
        fmt::print(stderr, "{} is none of them; `scrim profile save NAME` stores it.\n",
                   store.config().string());
    }
}

}  // namespace

void add_profile(CLI::App& app) {
    auto* const command =
        app.add_subcommand("profile", "Store configurations by name, and switch between them");
    command->require_subcommand(0, 1);
    command->callback([command] {
        if (command->get_subcommands().empty()) fmt::print("{}", command->help());
    });
    auto options = std::make_shared<ProfileOptions>();

    auto* const saver = command->add_subcommand("save", "Store your configuration under a name");
    saver->add_option("name", options->name, "name of the profile")->required()->type_name("NAME");
    saver->add_flag("--force", options->force, "replace a profile of that name");
    saver->callback([options] { save(*options); });

    auto* const user = command->add_subcommand(
        "use", "Make a stored configuration yours; a running `scrim run` follows");
    user->add_option("name", options->name, "name of the profile")->required()->type_name("NAME");
    user->footer(
        "The profile is checked first, and a wrong one is not taken. If your configuration is\n"
        "stored under no name, it is stored under the date and time before it is replaced.");
    user->callback([options] { use(*options); });

    command->add_subcommand("list", "List the profiles; * marks the one in use")->callback(list);
    command->footer("Profiles are files in the folder profiles beside " +
                    user_config_path().string() +
                    ".\n\n"
                    "  scrim profile save home && $EDITOR " +
                    user_config_path().string() +
                    "\n"
                    "  scrim profile save office\n"
                    "  scrim profile use home");
}

}  // namespace scrim
