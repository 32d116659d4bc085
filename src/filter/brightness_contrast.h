#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// More or less light, and more or less difference between dark and bright:
///
///     - input: [["brightness_contrast", {brightness: 0.1, contrast: 1.2}]]
std::unique_ptr<Filter> make_brightness_contrast();

}  // namespace scrim
