#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Brightens (or darkens) the middle and leaves black and white where they are:
///
///     - input: [["gamma", 1.4]]
///
/// Meant is the power curve on each of red, green and blue. It is taken on luma; colour differences
/// are small, so they grow by the slope that the curve has around the luma under them.
std::unique_ptr<Filter> make_gamma();

}  // namespace scrim
