#pragma once

#include <filesystem>
#include <string>

namespace scrim::v4l2 {

/// What is there of the kernel module v4l2loopback.
enum class LoopbackModule { missing, not_loaded, loaded };

/// `root` is "/" but in tests. `release` is the running kernel's (uname -r).
LoopbackModule loopback_module(const std::filesystem::path& root, const std::string& release);
LoopbackModule loopback_module();

/// Loads the module as browsers want it: they take a device that is a camera and nothing else.
constexpr const char* load_loopback =
    "sudo modprobe v4l2loopback exclusive_caps=1 card_label=Scrim";
/// Debian and Ubuntu build the module for the running kernel, with that one's headers.
constexpr const char* install_loopback =
    "sudo apt install v4l2loopback-dkms linux-headers-$(uname -r)";
/// Two commands: the module is loaded at every boot, in the same way.
constexpr const char* load_loopback_at_boot =
    "echo v4l2loopback | sudo tee /etc/modules-load.d/v4l2loopback.conf";
constexpr const char* keep_loopback_options =
    "echo options v4l2loopback exclusive_caps=1 card_label=Scrim | "
    "sudo tee /etc/modprobe.d/v4l2loopback.conf";

/// The commands that give a virtual camera from where things stand, a line each.
std::string loopback_commands(LoopbackModule module, const std::string& indent);

}  // namespace scrim::v4l2
