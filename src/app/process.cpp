#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/options.h"
#include "app/report.h"
#include "app/signals.h"
#include "pipeline/pipeline.h"

namespace scrim {
namespace {

struct ProcessOptions {
    std::filesystem::path config;
    std::string input;
    std::vector<std::string> outputs;
    bool without_sound = false;
};

void refuse_to_overwrite_input(const ProcessOptions& options) {
    for (const auto& output : options.outputs) {
        std::error_code ignored;
        if (std::filesystem::equivalent(options.input, output, ignored)) {
            throw Error("{} would be written over itself; choose another output", options.input);
        }
    }
}

void process(const ProcessOptions& options) {
    refuse_to_overwrite_input(options);
    PipelineSetup setup{.scene = scene_of_option(options.config), .source = {}, .sinks = {}};
    setup.source.device = options.input;
    setup.source.live = false;
    std::error_code ignored;
    const bool sound =
        !options.without_sound && std::filesystem::is_regular_file(options.input, ignored);
    for (const auto& output : options.outputs) {
        SinkRequest request;
        request.target = output;
        if (sound) request.sound_from = options.input;
        setup.sinks.push_back(request);
    }
    Signals::block(Signals::Which::stop);
    Pipeline pipeline(std::move(setup));
    const Signals signals({.stop = [&pipeline] { pipeline.stop(); }});
    warn_of_missing(pipeline.missing());
    ProgressLine progress(pipeline.source().frames);
    pipeline.start();
    while (!pipeline.wait_for(std::chrono::milliseconds(100))) {
        progress.update(pipeline.statistics());
    }
    progress.clear();
    pipeline.join();
    const Statistics statistics = pipeline.statistics();
    if (statistics.frames == 0) throw Error("{}: no picture in it could be read", options.input);
    fmt::print(stderr, "{}\n", summary(statistics));
}

}  // namespace

void add_process(CLI::App& app) {
    auto* const command = app.add_subcommand("process", "Put a video file through the layers");
    auto options = std::make_shared<ProcessOptions>();
    command->add_option("input", options->input, "video, picture or URL")
        ->required()
        ->type_name("IN");
    command
        ->add_option("output", options->outputs,
                     "FILE.mp4 .mkv .webm .y4m, NAME.png for a series of pictures, - for y4m on "
                     "standard output; several may be given")
        ->required()
        ->type_name("OUT");
    add_config_option(*command, options->config);
    command->add_flag("--no-sound", options->without_sound, "leave the sound out");
    command->footer(
        "Every frame is kept, with its own time; sound is copied where the output can hold it.\n"
        "Ctrl-C completes the file with what has been done so far.\n\n"
        "  scrim process talk.mp4 out.mp4 --config office.yaml");
    command->callback([options] { process(*options); });
}

}  // namespace scrim
