#pragma once

#include <string>
#include <string_view>

#include <linux/videodev2.h>

#include "frame/captured.h"
#include "source/registry.h"
#include "v4l2/device.h"
#include "v4l2/modes.h"

namespace scrim {

/// A camera, opened and set to a mode, not yet streaming.
struct Camera {
    Fd fd;
    v4l2::DeviceInfo device;
    PixelFormat format = PixelFormat::yuyv;
    v4l2_pix_format pix{};
    v4l2::Fraction rate;   // 0/1 = the driver does not say
    std::string identity;  // v4l2::Identity as text
};

/// Finds the camera that is asked for (by its identity where that is known, else by its name, else
/// the first real one), opens it and sets the mode that suits the request. Throws Error; says in
/// the log where it could not give what was asked.
Camera open_camera(const SourceRequest& request);

/// Opens that camera in exactly that mode of those it offers, at its top rate. Throws Error.
Camera open_camera_in(const std::string& path, const v4l2::Mode& mode);

/// "Integrated Camera (/dev/video0), 1280x720 MJPEG at 30/s".
std::string describe(const Camera& camera);

/// Throws an errno of the driver in words, with what to do: BusyError where somebody else uses the
/// camera, else Error. `what` follows "cannot": "set up".
[[noreturn]] void throw_camera_error(const v4l2::DeviceInfo& device, std::string_view what,
                                     int why);

}  // namespace scrim
