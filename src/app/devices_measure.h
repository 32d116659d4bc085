#pragma once

#include <string>

#include "config/config.h"

namespace scrim {

struct MeasureRequest {
    std::string device;    // empty = every camera
    double seconds = 1.5;  // for each mode
    std::string only;      // modes whose name contains this
};

/// Opens each mode of a camera for a while and prints a table of how fast it really is. The mode
/// that a run with `config` would take is marked. Throws Error where the camera that was named
/// cannot be measured; of several, those that can be are.
void measure_cameras(const MeasureRequest& request, const Config& config);

}  // namespace scrim
