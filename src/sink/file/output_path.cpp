#include "sink/file/output_path.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <system_error>

#include <unistd.h>

extern "C" {
#include <libavutil/rational.h>
}

#include "util/error.h"

namespace scrim {

std::string extension_of(const std::string& target) {
    std::string extension = std::filesystem::path(target).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension;
}

void check_output_path(const std::filesystem::path& path, const SinkRequest& request) {
    namespace fs = std::filesystem;
    const auto refuse = [&](const std::string& reason) {
        throw Error("cannot write {}: {}", path.string(), reason);
    };
    std::error_code error;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const fs::file_status status = fs::status(folder, error);
    if (!fs::exists(status)) refuse("there is no folder " + folder.string());
    if (!fs::is_directory(status)) refuse(folder.string() + " is not a folder");
    if (fs::is_directory(path, error)) refuse("it is a folder");
    const bool present = fs::exists(path, error);
    const bool writable =
        present ? ::access(path.c_str(), W_OK) == 0 : ::access(folder.c_str(), W_OK | X_OK) == 0;
    if (!writable) refuse(system_message(errno));
    if (present && fs::equivalent(path, request.sound_from, error)) {
        refuse("it is the file that the pictures come from; choose another name");
    }
}

FrameRate frame_rate_of(double fps) {
    if (!(fps > 0)) return {};
    // Television's rates are a thousandth below round numbers and usually written rounded.
    const double nominal = std::round(fps * 1001 / 1000);
    if (std::abs(fps - std::round(fps)) > 1e-6 && std::abs(nominal * 1000 / 1001 - fps) < 0.005) {
        return {static_cast<int>(nominal) * 1000, 1001};
    }
    const AVRational rate = av_d2q(fps, 1'000'000);
    return {rate.num, rate.den};
}

}  // namespace scrim
