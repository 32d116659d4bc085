#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/devices_measure.h"
#include "app/options.h"
#include "v4l2/device.h"
#include "v4l2/loopback_module.h"

namespace scrim {
namespace {

const char* kind_of(const v4l2::DeviceInfo& device) {
    if (device.loopback) return "virtual camera";
    if (device.metadata) return "camera's metadata, no pictures";
    if (device.captures && device.streams) return "camera";
    return "not a camera";
}

void say_what_is_asked(const std::filesystem::path& path) {
    if (path.empty()) return;
    const Config config = scene_of_option(path).config;
    const auto or_first = [](const std::string& name) { return name.empty() ? "the first" : name; };
    fmt::print("{} takes as camera: {}, as virtual camera: {}\n", path.string(),
               or_first(config.real_video_device), or_first(config.virtual_video_device));
}

void list_devices(const std::filesystem::path& config) {
    const auto devices = v4l2::list_devices();
    bool camera = false;
    bool loopback = false;
    for (const auto& device : devices) {
        if (!device.problem.empty()) {
            fmt::print("{:<14} {}\n", device.path, device.problem);
            continue;
        }
        camera = camera || (device.captures && !device.loopback && !device.metadata);
        loopback = loopback || device.loopback;
        fmt::print("{:<14} {} ({}, {})\n", device.path, device.card, kind_of(device),
                   device.driver);
    }
    if (!camera) fmt::print("No camera. Try `scrim run --source pattern` without one.\n");
    if (!loopback) {
        fmt::print("No virtual camera. To get one:\n{}",
                   v4l2::loopback_commands(v4l2::loopback_module(), "  "));
    }
    say_what_is_asked(config);
}

}  // namespace

void add_devices(CLI::App& app) {
    auto* const command = app.add_subcommand("devices", "List the cameras and the virtual cameras");
    auto config = std::make_shared<std::filesystem::path>();
    auto request = std::make_shared<MeasureRequest>();
    command->add_option("-c,--config", *config, "say which ones this configuration asks for")
        ->type_name("FILE");
    auto* const measure =
        command
            ->add_option("-m,--measure", request->device,
                         "try each mode of a camera, or of all: real rate, delay and cost")
            ->expected(0, 1)
            ->type_name("[DEVICE]");
    command->add_option("--seconds", request->seconds, "how long to try each mode (1.5)")
        ->check(CLI::Range(0.1, 60.0))
        ->needs(measure)
        ->type_name("N");
    command->add_option("--only", request->only, "try only modes like that: MJPG, 1280x720")
        ->needs(measure)
        ->type_name("TEXT");
    command->callback([config, request, measure] {
        if (measure->count() == 0) return list_devices(*config);
        // Without a configuration: what Scrim takes where nothing is asked for.
        measure_cameras(*request, config->empty() ? Config() : scene_of_option(*config).config);
    });
}

}  // namespace scrim
