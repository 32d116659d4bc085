#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "util/error.h"
#include "util/fd.h"

namespace scrim::v4l2 {

/// ioctl that is repeated when a signal interrupts it. Returns what ioctl returns, errno set.
int retry_ioctl(int fd, unsigned long request, void* argument);

/// What a video node says about itself (VIDIOC_QUERYCAP).
struct DeviceInfo {
    std::string path;    // "/dev/video0"
    std::string card;    // "Integrated Camera"
    std::string driver;  // "uvcvideo", "v4l2 loopback"
    std::string bus;     // "usb-0000:00:14.0-8"
    bool captures = false;
    bool outputs = false;
    bool streams = false;
    bool metadata = false;  // the companion node of a camera, which gives no pictures
    bool loopback = false;
    std::string problem;  // why it could not be asked, or empty
    int problem_errno = 0;
};

/// All /dev/video* nodes in the order of their numbers, also those that cannot be opened.
std::vector<DeviceInfo> list_devices();

DeviceInfo query(const std::string& path);
DeviceInfo query(int fd, const std::string& path);

/// "Integrated Camera (/dev/video0)".
std::string name_of(const DeviceInfo& device);

/// "12" -> 12; nothing for anything but a number.
std::optional<int> node_number(std::string_view digits);

/// Whether a name in the configuration means a video node: a bare number, anything under
/// /dev/video, or a character device.
bool names_device(const std::string& name);

/// "2" -> "/dev/video2"; anything else stays as it is.
std::string device_path(const std::string& name);

/// Opens a video node for reading and writing, non-blocking. Throws Error that says why it cannot:
/// missing (and which nodes there are), no permission (and the group to join), not a device.
Fd open_device(const std::string& path);

/// The programs that have the node open, as "firefox (process 1234)", as far as this user may
/// see; this process is left out.
std::vector<std::string> users_of(const std::string& path);

/// " by firefox (process 1234)", to follow "is used"; " by another program" where it cannot be
/// seen.
std::string by_whom(const std::string& path);

}  // namespace scrim::v4l2
