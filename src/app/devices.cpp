#include <fmt/format.h>

#include "app/commands.h"
#include "v4l2/device.h"

namespace scrim {
namespace {

const char* kind_of(const v4l2::DeviceInfo& device) {
    if (device.loopback) return "virtual camera";
    if (device.metadata) return "camera's metadata, no pictures";
    if (device.captures && device.streams) return "camera";
    return "not a camera";
}

void list_devices() {
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
        fmt::print(
            "No virtual camera. To get one:\n"
            "  sudo apt install v4l2loopback-dkms\n"
            "  sudo modprobe v4l2loopback exclusive_caps=1 card_label=Scrim\n");
    }
}

}  // namespace

void add_devices(CLI::App& app) {
    auto* const command = app.add_subcommand("devices", "List the cameras and the virtual cameras");
    command->callback(list_devices);
}

}  // namespace scrim
