#pragma once

#include <linux/videodev2.h>

#include "frame/captured.h"
#include "sink/registry.h"
#include "v4l2/device.h"

namespace scrim {

/// A device of v4l2loopback, opened and set to the format of a request, its buffers made.
struct LoopbackDevice {
    Fd fd;
    v4l2::DeviceInfo device;
    PixelFormat format = PixelFormat::yuyv;
    v4l2_pix_format pix{};
    int buffers = 0;
};

/// Opens the device that is named, or else the first one that nobody writes to. Throws Error that
/// says what to do: load the module, name another device; BusyError where a program
/// reads it in another format and is expected to go away.
LoopbackDevice open_loopback(const SinkRequest& request);

}  // namespace scrim
