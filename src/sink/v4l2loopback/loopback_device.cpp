#include "sink/v4l2loopback/loopback_device.h"

#include <cerrno>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include <sys/file.h>

#include "util/words.h"
#include "v4l2/buffers.h"
#include "v4l2/formats.h"
#include "v4l2/loopback_module.h"

namespace scrim {
namespace {

using v4l2::DeviceInfo;

constexpr int wanted_buffers = 4;

// The driver's own control: the device keeps its format when its last user leaves.
constexpr std::uint32_t keep_format_control = V4L2_CID_USER_BASE | 0xf000;

std::string used_by(const DeviceInfo& device) {
    return fmt::format("{} is used{}; close that program, or name another device",
                       v4l2::name_of(device), v4l2::by_whom(device.path));
}

/// The device has a writer already.
class UsedError : public Error {
  public:
    explicit UsedError(const DeviceInfo& device) : Error(used_by(device)) {}
};

/// The device has a writer, or a reader in another format: 0.13 says the same of both.
BusyError busy_error(const DeviceInfo& device) {
    return BusyError(used_by(device));
}

bool keeps_format(int fd) {
    v4l2_control control{};
    control.id = keep_format_control;
    return v4l2::retry_ioctl(fd, VIDIOC_G_CTRL, &control) == 0 && control.value != 0;
}

/// 0.12.7 lets a second writer in; with exclusive_caps=1 it shows, by being a camera only, that
/// there is one. 0.15 shows the same for a free device whose keep_format is set.
bool has_writer(int fd, const DeviceInfo& device) {
    return device.captures && !device.outputs && !keeps_format(fd);
}

/// Says why the device stays at another format: it follows those who have it open.
[[noreturn]] void throw_other_format(const LoopbackDevice& loopback, const SinkRequest& request) {
    const auto& path = loopback.device.path;
    const std::string asked = fmt::format("{}x{} {}", request.width, request.height,
                                          v4l2::fourcc_text(v4l2::fourcc_of(loopback.format)));
    const std::string given = fmt::format("{}x{} {}", loopback.pix.width, loopback.pix.height,
                                          v4l2::fourcc_text(loopback.pix.pixelformat));
    if (keeps_format(loopback.fd.get())) {
        throw Error(
            "{} keeps {} instead of {}, since its keep_format is set; run v4l2-ctl -d {} -c "
            "keep_format=0",
            v4l2::name_of(loopback.device), given, asked, path);
    }
    throw BusyError("{} stays at {} instead of {}, since it is used{}; close that program first",
                    v4l2::name_of(loopback.device), given, asked, v4l2::by_whom(path));
}

[[noreturn]] void throw_format_error(const LoopbackDevice& loopback, const SinkRequest& request,
                                     int why) {
    const std::string name = v4l2::name_of(loopback.device);
    if (why == EBUSY) throw busy_error(loopback.device);
    if (why == EINVAL && !v4l2::users_of(loopback.device.path).empty()) {
        throw BusyError(
            "{} cannot be set to {}x{}: it is used{}, at another size or format; close that "
            "program first",
            name, request.width, request.height, v4l2::by_whom(loopback.device.path));
    }
    if (why == EINVAL && !loopback.device.captures && !loopback.device.outputs) {
        throw Error(
            "{} is stuck after another program wrote to it; load the module anew: sudo modprobe "
            "-r v4l2loopback && {}",
            name, v4l2::load_loopback);
    }
    throw Error("{} cannot be set to {}x{} {}: {}", name, request.width, request.height,
                v4l2::fourcc_text(v4l2::fourcc_of(loopback.format)), system_message(why));
}

void set_format(LoopbackDevice& loopback, const SinkRequest& request) {
    v4l2_format format{};
    format.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
    format.fmt.pix.width = static_cast<std::uint32_t>(request.width);
    format.fmt.pix.height = static_cast<std::uint32_t>(request.height);
    format.fmt.pix.pixelformat = v4l2::fourcc_of(loopback.format);
    format.fmt.pix.field = V4L2_FIELD_NONE;
    v4l2::set_tags(format.fmt.pix, request.tags);
    const v4l2_pix_format asked = format.fmt.pix;
    if (v4l2::retry_ioctl(loopback.fd.get(), VIDIOC_S_FMT, &format) < 0) {
        throw_format_error(loopback, request, errno);
    }
    loopback.pix = format.fmt.pix;
    if (loopback.pix.width != asked.width || loopback.pix.height != asked.height ||
        loopback.pix.pixelformat != asked.pixelformat) {
        throw_other_format(loopback, request);
    }
}

/// Only an announcement: readers go by the pictures' own times, so a refusal does not matter.
void announce_rate(int fd, double fps) {
    if (fps <= 0) return;
    const auto thousandths = static_cast<std::uint32_t>(std::lround(fps * 1000));
    const std::uint32_t divisor = std::gcd(thousandths, 1000U);
    v4l2_streamparm parameters{};
    parameters.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
    parameters.parm.output.timeperframe = {1000U / divisor, thousandths / divisor};
    v4l2::retry_ioctl(fd, VIDIOC_S_PARM, &parameters);
}

LoopbackDevice set_up(Fd fd, DeviceInfo device, const SinkRequest& request) {
    // The lock is for other Scrims: 0.12.7 by itself may let a second writer in.
    const bool locked = ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
    if (!locked || has_writer(fd.get(), device)) throw UsedError(device);
    LoopbackDevice loopback;
    loopback.fd = std::move(fd);
    loopback.device = std::move(device);
    loopback.format =
        request.output_format == OutputFormat::yu12 ? PixelFormat::yu12 : PixelFormat::yuyv;
    set_format(loopback, request);
    announce_rate(loopback.fd.get(), request.fps);
    loopback.buffers =
        v4l2::request_buffers(loopback.fd.get(), V4L2_BUF_TYPE_VIDEO_OUTPUT, wanted_buffers);
    if (loopback.buffers < 0 && errno == EBUSY) throw busy_error(loopback.device);
    if (loopback.buffers < 1) {
        throw Error("{} gives no buffers: {}", v4l2::name_of(loopback.device),
                    system_message(errno));
    }
    return loopback;
}

Error none_error(const std::vector<DeviceInfo>& devices) {
    std::vector<std::string> forbidden;
    for (const auto& device : devices) {
        if (device.problem_errno == EACCES) forbidden.push_back(device.path);
    }
    if (!forbidden.empty()) {
        return Error(
            "no virtual camera found, but {} may not be opened: let your user join the group that "
            "owns it (sudo usermod -aG video $USER) and log in again",
            join_or(forbidden));
    }
    switch (v4l2::loopback_module()) {
        case v4l2::LoopbackModule::loaded:
            return Error(
                "no virtual camera found: the kernel module v4l2loopback is loaded, but has no "
                "device; load it anew: sudo modprobe -r v4l2loopback && {}",
                v4l2::load_loopback);
        case v4l2::LoopbackModule::not_loaded:
            return Error(
                "no virtual camera found: the kernel module v4l2loopback is not loaded; load it "
                "with `{}`; `scrim devices` says how to have that done at every boot",
                v4l2::load_loopback);
        case v4l2::LoopbackModule::missing:
            break;
    }
    return Error(
        "no virtual camera found: the kernel module v4l2loopback is not loaded; install it with "
        "`{}`, load it with `{}`; `scrim devices` says how to have that done at every boot",
        v4l2::install_loopback, v4l2::load_loopback);
}

LoopbackDevice open_first(const SinkRequest& request) {
    const auto devices = v4l2::list_devices();
    std::vector<std::string> used;
    std::optional<BusyError> busy;
    for (const auto& device : devices) {
        if (!device.loopback) continue;
        try {
            return set_up(v4l2::open_device(device.path), device, request);
        } catch (const UsedError&) {
            used.push_back(device.path + v4l2::by_whom(device.path));
        } catch (const BusyError& error) {
            busy = error;
        }
    }
    if (busy) throw BusyError(*busy);
    if (used.empty()) throw none_error(devices);
    throw Error("every virtual camera is written to already: {}; close that program",
                join_or(used));
}

LoopbackDevice open_named(const std::string& path, const SinkRequest& request) {
    Fd fd = v4l2::open_device(path);
    const auto device = v4l2::query(fd.get(), path);
    if (!device.problem.empty()) throw Error("{} is no virtual camera: {}", path, device.problem);
    if (!device.loopback) {
        throw Error(
            "{} is no virtual camera (its driver is {}); leave virtual_video_device away to take "
            "the first one of v4l2loopback",
            v4l2::name_of(device), device.driver);
    }
    return set_up(std::move(fd), device, request);
}

}  // namespace

LoopbackDevice open_loopback(const SinkRequest& request) {
    if (request.width < 2 || request.height < 2 || request.width % 2 != 0 ||
        request.height % 2 != 0) {
        throw Error("a virtual camera needs an even width and height, not {}x{}", request.width,
                    request.height);
    }
    if (request.target.empty()) return open_first(request);
    return open_named(v4l2::device_path(request.target), request);
}

}  // namespace scrim
