#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/options.h"
#include "app/report.h"
#include "frame/picture.h"
#include "pipeline/camera_feeds.h"
#include "pipeline/engine.h"
#include "source/registry.h"

namespace scrim {
namespace {

struct RenderOptions {
    std::filesystem::path config;
    std::filesystem::path picture;
    std::filesystem::path output;
    std::filesystem::path mask;
    int frames = 1;
};

Captured read_input(const std::filesystem::path& path) {
    SourceRequest request;
    request.device = path.string();
    request.live = false;
    auto picture = open_source(request)->next();
    if (!picture) throw Error("{}: no picture in it", path.string());
    return *picture;
}

void render(const RenderOptions& options) {
    Scene scene = scene_of_option(options.config);
    Captured picture = read_input(options.picture);
    std::optional<Plane> score;
    if (!options.mask.empty()) score = read_gray_picture(options.mask);

    const double fps = scene.config.fps.value_or(30);
    const auto interval =
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(1 / fps));
    StageClock clock;
    CameraFeeds cameras(false);
    const StreamContext stream{.width = picture.width,
                               .height = picture.height,
                               .tags = picture.tags,
                               .open_camera = cameras.opener(scene.config.folder)};
    Engine engine(std::move(scene), stream, clock, {}, std::move(score));
    warn_of_missing(engine.missing());
    Frame frame;
    for (int i = 0; i < options.frames; ++i) {
        picture.sequence = static_cast<std::uint64_t>(i);
        picture.captured = Time{} + i * interval;
        frame = engine.process(picture);
    }
    write_png(frame, options.output);
}

}  // namespace

void add_render(CLI::App& app) {
    auto* const command = app.add_subcommand("render", "Put one picture through the layers");
    auto options = std::make_shared<RenderOptions>();
    command->add_option("picture", options->picture, "picture of any kind")
        ->required()
        ->type_name("PICTURE");
    command->add_option("output", options->output, "PNG to write")->required()->type_name("OUT");
    add_config_option(*command, options->config);
    command
        ->add_option("--mask", options->mask,
                     "grey picture to take as the network's score, 255 = person")
        ->type_name("MASK");
    command
        ->add_option("--frames", options->frames,
                     "feed the picture that many times and write the last result, for layers that "
                     "move")
        ->type_name("N")
        ->check(CLI::Range(1, 1000000));
    command->footer(
        "  scrim render me.jpg out.png --config office.yaml\n"
        "  scrim render me.png out.png --config office.yaml --mask me-mask.png");
    command->callback([options] { render(*options); });
}

}  // namespace scrim
