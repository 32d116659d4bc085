#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Darker and brighter stripes that move down, as on an old screen:
///
///     - input: [["stripes", {width: 8, intensity: 20, speed: 1}]]
std::unique_ptr<Filter> make_stripes();

}  // namespace scrim
