#include "v4l2/device.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "util/words.h"

namespace scrim::v4l2 {
namespace {

constexpr std::string_view node_prefix = "/dev/video";

/// A fixed field of the kernel's structures, which need not end in a zero.
template <std::size_t size>
std::string text_of(const __u8 (&field)[size]) {
    return {std::begin(field), std::find(std::begin(field), std::end(field), 0)};
}

std::vector<int> node_numbers() {
    std::vector<int> numbers;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/dev", ignored)) {
        const std::string path = entry.path().string();
        if (!path.starts_with(node_prefix)) continue;
        if (const auto number = node_number(path.substr(node_prefix.size()))) {
            numbers.push_back(*number);
        }
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

std::string existing_nodes() {
    std::vector<std::string> paths;
    for (const int number : node_numbers()) {
        paths.push_back(fmt::format("{}{}", node_prefix, number));
    }
    return paths.empty() ? "there is no video device at all" : "there is " + join_or(paths);
}

[[noreturn]] void throw_open_error(const std::string& path, int why) {
    switch (why) {
        case ENOENT:
            throw Error("cannot open {}: no such device; {}", path, existing_nodes());
        case EACCES:
        case EPERM:
            throw Error(
                "cannot open {}: permission denied; let your user join the group that owns it "
                "(sudo usermod -aG video $USER) and log in again",
                path);
        case ENODEV:
        case ENXIO:
            throw Error("cannot open {}: the device behind it is gone; plug it in again", path);
        case EBUSY:
            throw BusyError("cannot open {}: it is used{}; close that program", path,
                            by_whom(path));
        default:
            throw Error("cannot open {}: {}", path, system_message(why));
    }
}

}  // namespace

std::optional<int> node_number(std::string_view digits) {
    int number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (digits.empty() || stop != end || error != std::errc() || number < 0) return std::nullopt;
    return number;
}

int retry_ioctl(int fd, unsigned long request, void* argument) {
    int result = 0;
    do {
        result = ::ioctl(fd, request, argument);
    } while (result < 0 && errno == EINTR);
    return result;
}

DeviceInfo query(int fd, const std::string& path) {
    DeviceInfo device;
    device.path = path;
    v4l2_capability capability{};
    if (retry_ioctl(fd, VIDIOC_QUERYCAP, &capability) < 0) {
        device.problem_errno = errno;
        device.problem =
            errno == ENOTTY || errno == EINVAL ? "it is not a video device" : system_message(errno);
        return device;
    }
    // capabilities speaks for all nodes of the hardware, device_caps for this one.
    const auto own = (capability.capabilities & V4L2_CAP_DEVICE_CAPS) != 0
                         ? capability.device_caps
                         : capability.capabilities;
    device.card = text_of(capability.card);
    device.driver = text_of(capability.driver);
    device.bus = text_of(capability.bus_info);
    device.captures = (own & V4L2_CAP_VIDEO_CAPTURE) != 0;
    device.outputs = (own & V4L2_CAP_VIDEO_OUTPUT) != 0;
    device.streams = (own & V4L2_CAP_STREAMING) != 0;
    device.metadata = (own & V4L2_CAP_META_CAPTURE) != 0;
    device.loopback = device.driver == "v4l2 loopback";
    return device;
}

DeviceInfo query(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (fd) return query(fd.get(), path);
    DeviceInfo device;
    device.path = path;
    device.problem_errno = errno;
    device.problem = system_message(errno);
    return device;
}

std::vector<DeviceInfo> list_devices() {
    std::vector<DeviceInfo> devices;
    for (const int number : node_numbers()) {
        devices.push_back(query(fmt::format("{}{}", node_prefix, number)));
    }
    return devices;
}

std::string name_of(const DeviceInfo& device) {
    return device.card.empty() ? device.path : fmt::format("{} ({})", device.card, device.path);
}

bool names_device(const std::string& name) {
    if (name.starts_with(node_prefix) || node_number(name)) return true;
    struct stat status {};
    return ::stat(name.c_str(), &status) == 0 && S_ISCHR(status.st_mode);
}

std::string device_path(const std::string& name) {
    const auto number = node_number(name);
    return number ? fmt::format("{}{}", node_prefix, *number) : name;
}

Fd open_device(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) throw_open_error(path, errno);
    if (!S_ISCHR(status.st_mode)) throw Error("cannot open {}: it is not a device", path);
    Fd fd(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (!fd) throw_open_error(path, errno);
    return fd;
}

std::vector<std::string> users_of(const std::string& path) {
    struct stat node {};
    std::vector<std::string> users;
    if (::stat(path.c_str(), &node) != 0) return users;
    std::error_code ignored;
    for (const auto& process : std::filesystem::directory_iterator("/proc", ignored)) {
        const auto pid = node_number(process.path().filename().string());
        if (!pid || *pid == ::getpid()) continue;
        const auto opens_node = [&node](const std::filesystem::directory_entry& file) {
            struct stat target {};
            return ::stat(file.path().c_str(), &target) == 0 && S_ISCHR(target.st_mode) &&
                   target.st_rdev == node.st_rdev;
        };
        const std::filesystem::directory_iterator files(process.path() / "fd", ignored);
        if (!std::any_of(begin(files), end(files), opens_node)) continue;
        std::string name;
        std::getline(std::ifstream(process.path() / "comm"), name);
        users.push_back(fmt::format("{} (process {})", name, *pid));
    }
    return users;
}

std::string by_whom(const std::string& path) {
    std::string text;
    for (const auto& user : users_of(path))
        text += (text.empty() ? " by " : " and ") + user;
    return text.empty() ? " by another program" : text;
}

}  // namespace scrim::v4l2
