#pragma once

#include <memory>

#include "sink/registry.h"

namespace scrim {

/// Throws the pictures away: for measuring, and for looking whether a configuration runs.
bool accepts_null(const SinkRequest& request);
std::unique_ptr<Sink> open_null(const SinkRequest& request);

}  // namespace scrim
