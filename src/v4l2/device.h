#pragma once

#include <cstdint>
#include <string>
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
    bool loopback = false;
    std::string problem;  // why it could not be asked, or empty
};

/// All /dev/video* nodes in the order of their numbers, also those that cannot be opened.
std::vector<DeviceInfo> list_devices();

DeviceInfo query(const std::string& path);

}  // namespace scrim::v4l2
