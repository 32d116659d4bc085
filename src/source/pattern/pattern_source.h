#pragma once

#include <memory>

#include "source/registry.h"

namespace scrim {

/// "pattern", or "pattern:N" for N pictures: a drawn person swaying in front of a gradient, with
/// the picture's number stamped into it (stamp.h). 1280x720 at 30/s unless asked otherwise.
bool accepts_pattern(const SourceRequest& request);
std::unique_ptr<Source> open_pattern(const SourceRequest& request);

}  // namespace scrim
