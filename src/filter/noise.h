#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// White noise: 5 % of the pixels turn white and opaque, anew in every frame:
///
///     - input: ["noise"]
std::unique_ptr<Filter> make_noise();

}  // namespace scrim
