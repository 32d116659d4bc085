#include "v4l2/loopback_module.h"

#include <fstream>

#include <fmt/format.h>
#include <sys/utsname.h>

namespace scrim::v4l2 {
namespace {

namespace fs = std::filesystem;

/// modprobe's own index of the modules that there are for a kernel.
bool is_installed(const fs::path& index) {
    std::ifstream file(index);
    std::string line;
    while (std::getline(file, line)) {
        if (line.find("/v4l2loopback.ko") < line.find(':')) return true;
    }
    return false;
}

}  // namespace

LoopbackModule loopback_module(const fs::path& root, const std::string& release) {
    std::error_code error;
    if (fs::exists(root / "sys/module/v4l2loopback", error)) return LoopbackModule::loaded;
    return is_installed(root / "lib/modules" / release / "modules.dep") ? LoopbackModule::not_loaded
                                                                        : LoopbackModule::missing;
}

LoopbackModule loopback_module() {
    utsname system{};
    ::uname(&system);
    return loopback_module("/", system.release);
}

std::string loopback_commands(LoopbackModule module, const std::string& indent) {
    std::string text;
    if (module == LoopbackModule::missing) text += fmt::format("{}{}\n", indent, install_loopback);
    if (module == LoopbackModule::loaded) {
        text += fmt::format("{}sudo modprobe -r v4l2loopback\n", indent);
    }
    text += fmt::format("{}{}\n", indent, load_loopback);
    return text + fmt::format("and for every boot:\n{0}{1}\n{0}{2}\n", indent,
                              load_loopback_at_boot, keep_loopback_options);
}

}  // namespace scrim::v4l2
