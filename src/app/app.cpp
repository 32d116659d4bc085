#include "app/app.h"

#include <csignal>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <opencv2/core/utility.hpp>

#include "app/commands.h"
#include "app/signals.h"
#include "config/diagnostics.h"
#include "util/log.h"
#include "util/words.h"
#include "version.h"

namespace scrim {
namespace {

constexpr int failure = 1;
constexpr int wrong_configuration = 2;

const char* const description =
    "Scrim, a virtual camera for Linux: finds the person in the webcam picture, puts layers and\n"
    "effects together and publishes the result as a camera that every call application can open.";

const char* const first_steps =
    "First steps:\n"
    "  scrim doctor                           is everything there, and if not, what to do\n"
    "  scrim devices                          which cameras and virtual cameras there are\n"
    "  scrim run                              camera in, blurred background out\n"
    "  scrim run --config my.yaml             the same with your own layers\n"
    "  scrim process talk.mp4 out.mp4         a video file instead of a camera\n"
    "  scrim render me.jpg out.png            one picture\n"
    "  scrim filters blur                     what a filter does and takes\n"
    "  scrim config init                      your own configuration, to be edited\n"
    "\n"
    "`scrim COMMAND --help` explains a command. Exit status: 0 = done, 2 = the configuration is\n"
    "wrong, 1 = anything else.";

void add_commands(CLI::App& app) {
    add_run(app);
    add_top(app);
    add_process(app);
    add_render(app);
    add_check(app);
    add_bench(app);
    add_devices(app);
    add_doctor(app);
    add_filters(app);
    add_latency(app);
    add_models(app);
    add_config(app);
    add_profile(app);
}

/// What to say of a command line that cannot be read; names the command that was probably meant.
int explain(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App* at = &app;
    std::string words;  // the commands that were understood
    while (!at->get_subcommands().empty()) {
        at = at->get_subcommands().front();
        words += at->get_name() + " ";
    }
    const auto rest = at->remaining();
    std::vector<std::string> names;
    for (const CLI::App* command : at->get_subcommands(nullptr)) {
        names.push_back(command->get_name());
    }
    if (names.empty() || rest.empty() || rest.front().starts_with('-')) {
        return app.exit(error) == 0 ? 0 : failure;
    }
    const auto meant = closest_word(rest.front(), names);
    fmt::print(stderr, "scrim: there is no command \"{}{}\"; {}\n", words, rest.front(),
               meant ? fmt::format("did you mean \"{}{}\"?", words, *meant)
                     : fmt::format("`scrim {}--help` lists them", words));
    return failure;
}

}  // namespace

int run_app(int argc, char** argv) {
    ignore_broken_pipes();
    cv::setNumThreads(0);  // a filter costs one core, not all of them for a little while
    CLI::App app(description, "scrim");
    app.footer(first_steps);
    app.set_version_flag("--version", std::string("scrim ") + version);
    app.require_subcommand(0, 1);
    bool verbose = false;
    app.add_flag("-v,--verbose", verbose, "say more of what happens");
    app.parse_complete_callback([&verbose] { set_up_log(verbose); });
    add_commands(app);
    try {
        app.parse(argc, argv);
        if (app.get_subcommands().empty()) fmt::print("{}", app.help());
        return 0;
    } catch (const CLI::ParseError& error) {
        return explain(app, error);
    } catch (const ConfigError& error) {
        fmt::print(stderr, "{}", error.what());
        return wrong_configuration;
    } catch (const Error& error) {
        fmt::print(stderr, "scrim: {}\n", error.what());
    } catch (const std::exception& error) {
        fmt::print(stderr, "scrim: unexpected error: {}\n", error.what());
    }
    return failure;
}

}  // namespace scrim
