#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Darkens the picture towards its corners:
///
///     - input: [["vignette", 0.6]]
std::unique_ptr<Filter> make_vignette();

}  // namespace scrim
