#pragma once

#include <memory>

#include "sink/registry.h"

namespace scrim {

/// Uncompressed pictures, bit for bit: .y4m files, and "-" for standard output.
bool accepts_y4m(const SinkRequest& request);
std::unique_ptr<Sink> open_y4m(const SinkRequest& request);

}  // namespace scrim
