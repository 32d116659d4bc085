#include "source/v4l2/camera.h"

#include <algorithm>
#include <cerrno>
#include <span>
#include <vector>

#include "source/v4l2/mode_choice.h"
#include "util/log.h"
#include "util/words.h"
#include "v4l2/formats.h"
#include "v4l2/identity.h"

namespace scrim {
namespace {

using v4l2::DeviceInfo;

/// Why a node cannot be a camera, or an empty text.
std::string not_a_camera(const DeviceInfo& device) {
    if (!device.problem.empty()) return device.problem;
    if (device.captures && device.streams) return "";
    if (device.captures) return "it does not stream";
    if (device.metadata) return "it gives only data about pictures";
    if (device.loopback) return "it is a virtual camera, and no program writes to it";
    if (device.outputs) return "it takes pictures instead of giving them";
    return "it is no camera";
}

std::string nodes_of_same_camera(const DeviceInfo& device) {
    std::vector<std::string> paths;
    for (const auto& other : v4l2::list_devices()) {
        if (other.captures && other.bus == device.bus) paths.push_back(other.path);
    }
    return paths.empty() ? "" : "; its pictures come from " + join_or(paths);
}

Error no_camera_error(const std::vector<DeviceInfo>& devices) {
    if (devices.empty()) {
        return Error(
            "no camera found: there is no video device; plug one in, or set real_video_device to "
            "a file, a URL or \"pattern\"");
    }
    std::string text = "no camera found; there is";
    std::string_view comma = " ";
    bool forbidden = false;
    for (const auto& device : devices) {
        const std::string reason = not_a_camera(device);
        text += fmt::format("{}{}: {}", comma, v4l2::name_of(device),
                            reason.empty() ? "a virtual camera (it can be named as "
                                             "real_video_device)"
                                           : reason);
        comma = "; ";
        forbidden = forbidden || device.problem_errno == EACCES;
    }
    if (forbidden) {
        text +=
            ". Let your user join the group of the video devices (sudo usermod -aG video $USER) "
            "and log in again";
    }
    return Error("{}", text);
}

/// How well a node serves as the first camera; less is better. Infrared cameras for logging in give
/// grey pictures only, and some nodes list no format at all.
int rank(const DeviceInfo& device) {
    enum { colour, grey, nothing };
    const Fd fd = v4l2::open_device(device.path);
    int best = nothing;
    for (std::uint32_t index = 0;; ++index) {
        v4l2_fmtdesc entry{};
        entry.index = index;
        entry.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        if (v4l2::retry_ioctl(fd.get(), VIDIOC_ENUM_FMT, &entry) < 0) return best;
        const auto format = v4l2::pixel_format_of(entry.pixelformat);
        if (!format) continue;
        if (*format != PixelFormat::gray) return colour;
        best = grey;
    }
}

std::string first_camera() {
    const auto devices = v4l2::list_devices();
    const DeviceInfo* best = nullptr;
    int best_rank = 0;
    for (const auto& device : devices) {
        if (device.loopback || !not_a_camera(device).empty()) continue;
        const int device_rank = rank(device);
        if (best != nullptr && device_rank >= best_rank) continue;
        best = &device;
        best_rank = device_rank;
    }
    if (best == nullptr) throw no_camera_error(devices);
    return best->path;
}

/// Where the camera is now.
std::string path_of(const SourceRequest& request, std::span<const v4l2::Node> nodes) {
    if (const auto wanted = v4l2::parse_identity(request.identity)) {
        if (const auto* node = v4l2::find_node(*wanted, nodes)) return node->path;
        throw Error("the camera {} is not plugged in", wanted->name);
    }
    return request.device.empty() ? first_camera() : v4l2::device_path(request.device);
}

std::string formats_in_words(const std::vector<v4l2::Mode>& modes) {
    std::vector<std::string> names;
    for (const auto& mode : modes) {
        const std::string name = v4l2::fourcc_text(mode.fourcc);
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return names.empty() ? "no format at all" : "only " + join_or(names);
}

void set_format(Camera& camera, const ModeChoice& choice) {
    v4l2_format format{};
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    format.fmt.pix.width = static_cast<std::uint32_t>(choice.width);
    format.fmt.pix.height = static_cast<std::uint32_t>(choice.height);
    format.fmt.pix.pixelformat = choice.fourcc;
    format.fmt.pix.field = V4L2_FIELD_NONE;
    if (v4l2::retry_ioctl(camera.fd.get(), VIDIOC_S_FMT, &format) < 0) {
        throw_camera_error(camera.device, "set up", errno);
    }
    camera.pix = format.fmt.pix;
    const auto given = v4l2::pixel_format_of(camera.pix.pixelformat);
    if (!given || camera.pix.width < 1 || camera.pix.height < 1) {
        throw Error("{} offers {} but gives {}, which Scrim cannot read",
                    v4l2::name_of(camera.device), v4l2::fourcc_text(choice.fourcc),
                    v4l2::fourcc_text(camera.pix.pixelformat));
    }
    camera.format = *given;
}

void set_rate(Camera& camera, v4l2::Fraction rate) {
    v4l2_streamparm parameters{};
    parameters.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (v4l2::retry_ioctl(camera.fd.get(), VIDIOC_G_PARM, &parameters) < 0) return;
    auto& capture = parameters.parm.capture;
    if (rate.numerator > 0 && (capture.capability & V4L2_CAP_TIMEPERFRAME) != 0) {
        capture.timeperframe = {rate.denominator, rate.numerator};
        if (v4l2::retry_ioctl(camera.fd.get(), VIDIOC_S_PARM, &parameters) < 0) {
            throw_camera_error(camera.device, "set the rate of", errno);
        }
    }
    const auto& interval = parameters.parm.capture.timeperframe;
    if (interval.numerator > 0) camera.rate = {interval.denominator, interval.numerator};
}

Camera opened(const std::string& path, std::span<const v4l2::Node> nodes) {
    Camera camera;
    camera.fd = v4l2::open_device(path);
    camera.device = v4l2::query(camera.fd.get(), path);
    if (const auto identity = v4l2::identity_of(path, nodes)) {
        camera.identity = v4l2::text_of(*identity);
    }
    if (const auto reason = not_a_camera(camera.device); !reason.empty()) {
        throw Error("{} gives no pictures: {}{}", v4l2::name_of(camera.device), reason,
                    camera.device.metadata ? nodes_of_same_camera(camera.device) : "");
    }
    return camera;
}

}  // namespace

void throw_camera_error(const DeviceInfo& device, std::string_view what, int why) {
    const std::string name = v4l2::name_of(device);
    switch (why) {
        case EBUSY:
            throw BusyError("cannot {} {}: it is used{}; close that program", what, name,
                            v4l2::by_whom(device.path));
        case ENODEV:
        case ENXIO:
            throw Error("cannot {} {}: the camera is gone; plug it in again", what, name);
        case ENOSPC:
            throw Error(
                "cannot {} {}: its USB connection has no room for this mode; try mjpeg: yes, a "
                "smaller size, or another USB port",
                what, name);
        case EIO:
            if (device.loopback) {
                throw Error("cannot {} {}: no program writes to this virtual camera", what, name);
            }
            throw Error("cannot {} {}: its driver reports an error; unplug it and plug it in again",
                        what, name);
        default:
            throw Error("cannot {} {}: {}", what, name, system_message(why));
    }
}

Camera open_camera(const SourceRequest& request) {
    const auto nodes = v4l2::list_nodes();
    Camera camera = opened(path_of(request, nodes), nodes);
    std::optional<std::pair<int, int>> wanted;
    if (request.width && request.height) wanted.emplace(*request.width, *request.height);
    const auto modes = v4l2::enumerate_modes(camera.fd.get(), wanted);
    const auto choice = choose_mode(modes, request);
    if (!choice) {
        throw Error("{} offers {}; Scrim reads YUYV, NV12, YU12, MJPG, H264, RGB3 and GREY",
                    v4l2::name_of(camera.device), formats_in_words(modes));
    }
    for (const auto& note : choice->notes) {
        spdlog::warn("{}: {}", v4l2::name_of(camera.device), note);
    }
    set_format(camera, *choice);
    set_rate(camera, choice->rate);
    return camera;
}

Camera open_camera_in(const std::string& path, const v4l2::Mode& mode) {
    Camera camera = opened(path, v4l2::list_nodes());
    ModeChoice choice;
    const auto format = v4l2::pixel_format_of(mode.fourcc);
    if (!format) throw Error("Scrim does not read {}", v4l2::fourcc_text(mode.fourcc));
    choice.format = *format;
    choice.fourcc = mode.fourcc;
    choice.width = mode.width;
    choice.height = mode.height;
    set_format(camera, choice);
    set_rate(camera, v4l2::top_rate(mode));
    return camera;
}

std::string describe(const Camera& camera) {
    std::string text = fmt::format("{}, {}x{} {}", v4l2::name_of(camera.device), camera.pix.width,
                                   camera.pix.height, v4l2::fourcc_text(camera.pix.pixelformat));
    if (camera.rate.value() > 0) text += fmt::format(" at {:.4g}/s", camera.rate.value());
    return text;
}

}  // namespace scrim
