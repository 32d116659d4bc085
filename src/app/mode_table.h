#pragma once

#include <string>
#include <vector>

#include "util/clock.h"

namespace scrim {

/// What came of trying one mode of a camera.
struct MeasuredMode {
    std::string name;          // "MJPG 1280x720"
    double promised = 0;       // pictures a second, as the camera says; 0 = it does not
    double real = 0;           // as they came
    Duration first{};          // from opening the camera to its first picture
    double milliseconds = 0;   // of CPU time, to take and decode one picture
    std::string problem = {};  // why there was nothing to measure, or empty
    bool chosen = false;       // Scrim takes this mode by itself
};

/// A table with a line for each mode; the chosen one is marked, and explained below.
std::string mode_table(const std::vector<MeasuredMode>& modes);

/// "[####....] 3 of 8: YUYV 640x480", at most `width` columns wide.
std::string measuring_line(std::size_t done, std::size_t all, const std::string& mode, int width);

}  // namespace scrim
