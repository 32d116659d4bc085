#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <linux/videodev2.h>

#include "frame/captured.h"
#include "frame/frame.h"

namespace scrim::v4l2 {

/// Scrim's name for a V4L2 pixel format, if it can read that.
std::optional<PixelFormat> pixel_format_of(std::uint32_t fourcc);
std::uint32_t fourcc_of(PixelFormat format);

/// "YUYV", "MJPG": for people.
std::string fourcc_text(std::uint32_t fourcc);

/// What the numbers of a picture in this format mean, by the rules of V4L2 for fields that are left
/// at their default. JPEG is full-range BT.601 whatever the driver says, since that is what the
/// bytes in the file mean. Encodings that Scrim does not tell apart go to the nearest.
ColorTags tags_of(const v4l2_pix_format& format);

/// Writes tags into a format for S_FMT.
void set_tags(v4l2_pix_format& format, ColorTags tags);

}  // namespace scrim::v4l2
