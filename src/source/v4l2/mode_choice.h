#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "frame/captured.h"
#include "source/registry.h"
#include "v4l2/modes.h"

namespace scrim {

/// What a camera shall be set to.
struct ModeChoice {
    PixelFormat format = PixelFormat::yuyv;
    std::uint32_t fourcc = 0;
    int width = 0;
    int height = 0;
    v4l2::Fraction rate;             // 0/1 = leave it to the driver
    std::vector<std::string> notes;  // where it is not what was asked for, a line each
};

/// Chooses among what a camera offers. Nothing if there is no format that Scrim reads.
///
/// A size that was asked for, or the nearest to it, comes first, then the rate; where no size was
/// asked for, the one nearest to 1280x720 among those that flow well (30/s, or the rate asked for).
/// Among formats that reach the rate at that size the cheapest to decode wins: raw before MJPEG,
/// then H.264, RGB and grey last.
std::optional<ModeChoice> choose_mode(std::span<const v4l2::Mode> modes,
                                      const SourceRequest& request);

}  // namespace scrim
