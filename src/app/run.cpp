#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/commands.h"
#include "app/monitor.h"
#include "app/options.h"
#include "app/reload.h"
#include "app/report.h"
#include "app/signals.h"
#include "pipeline/pipeline.h"
#include "util/log.h"

namespace scrim {
namespace {

struct RunOptions {
    std::filesystem::path config;
    std::string source;
    std::vector<std::string> outputs;
    std::uint64_t frames = 0;
    Monitor::Outputs statistics;
};

PipelineSetup setup_of(const RunOptions& options, const std::filesystem::path& file) {
    PipelineSetup setup{.scene = scene_of_option(file), .source = {}, .sinks = {}};
    const Config& config = setup.scene.config;
    setup.source.device = options.source.empty() ? config.real_video_device : options.source;
    setup.source.width = config.width;
    setup.source.height = config.height;
    setup.source.fps = config.fps;
    // What would be thrown away need not come.
    if (config.max_fps && *config.max_fps < config.fps.value_or(usual_rate)) {
        setup.source.fps = config.max_fps;
    }
    setup.source.mjpeg = config.mjpeg;
    setup.source.keep_rate = config.keep_rate;
    setup.frame_limit = options.frames;
    auto targets = options.outputs;
    if (targets.empty()) targets.push_back(config.virtual_video_device);
    for (const auto& target : targets) {
        SinkRequest request;
        request.target = target;
        request.output_format = config.output_format;
        setup.sinks.push_back(request);
    }
    return setup;
}

void pause_or_go_on(Pipeline& pipeline) {
    pipeline.pause(!pipeline.paused());
    spdlog::info(pipeline.paused() ? "paused: the cover is shown" : "going on");
}

void run(const RunOptions& options) {
    const auto file = file_of_config(options.config);
    FileWatch watch;
    watch.watch({file});
    PipelineSetup setup = setup_of(options, options.config);
    const auto shown = setup.scene.files();
    Signals::block(Signals::Which::all);
    Pipeline pipeline(std::move(setup));
    const Signals signals({.stop = [&pipeline] { pipeline.stop(); },
                           .pause = [&pipeline] { pause_or_go_on(pipeline); },
                           .reload = [&watch] { watch.poke(); }});
    warn_of_missing(pipeline.missing());
    spdlog::info("{} -> {}", pipeline.source().name, fmt::join(pipeline.sinks(), ", "));
    spdlog::info("layers from {}; Ctrl-C ends", name_of_config(options.config));
    const Monitor monitor(pipeline, options.statistics);
    pipeline.start();
    // By its name: a file that is removed is not the wish for the built-in configuration.
    const auto load = [&options, &file] { return setup_of(options, file); };
    const Reload reload(watch, pipeline, file, load, shown);
    pipeline.join();
    fmt::print(stderr, "{}\n", summary(pipeline.statistics()));
}

}  // namespace

void add_run(CLI::App& app) {
    auto* const command =
        app.add_subcommand("run", "Camera in, layers on it, virtual camera out; until Ctrl-C");
    auto options = std::make_shared<RunOptions>();
    add_config_option(*command, options->config);
    command
        ->add_option("-s,--source", options->source,
                     "where pictures come from: /dev/videoN, a picture, a video file, a URL, "
                     "\"pattern\" (otherwise real_video_device, otherwise the first camera)")
        ->type_name("SOURCE");
    command
        ->add_option("-o,--output", options->outputs,
                     "where they go: a v4l2loopback device, a file, \"null\"; may be given several "
                     "times (otherwise virtual_video_device, otherwise the first loopback)")
        ->type_name("SINK")
        ->allow_extra_args(false);
    command->add_option("--frames", options->frames, "end after that many frames")->type_name("N");
    command->add_flag("--stats", options->statistics.line,
                      "say once a second what is going on and what it costs");
    command
        ->add_option("--stats-json", options->statistics.json,
                     "append the same to a file, a JSON object a line")
        ->type_name("FILE");
    command->footer(
        "  scrim run                                     first camera to first virtual camera\n"
        "  scrim run --config office.yaml                with your own layers\n"
        "  scrim run -o /dev/video10 -o meeting.mkv      and record it\n"
        "  scrim run --source pattern --output null      try it without any camera\n"
        "\n"
        "The camera is open only while somebody watches the virtual one (on_demand: false in the\n"
        "configuration keeps it open). Signals: SIGUSR1 pauses and goes on, SIGHUP loads the\n"
        "configuration anew, SIGTERM ends. `scrim top` shows live what a running one does.");
    command->callback([options] { run(*options); });
}

}  // namespace scrim
