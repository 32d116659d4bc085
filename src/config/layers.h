#pragma once

#include <string>
#include <vector>

#include "config/config.h"

namespace scrim {

/// Reads the value of `layers`; what is wrong is reported, what is right is returned.
std::vector<LayerSpec> read_layers(const Value& value, const std::string& key,
                                   Diagnostics& diagnostics);

}  // namespace scrim
