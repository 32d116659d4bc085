#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Turns, shears, scales and shifts the picture by a matrix:
///
///     - foreground: [["affine", {matrix: [[1.4, 0.2], [-0.1, 1.3]], offset: [-30, 20]}]]
std::unique_ptr<Filter> make_affine();

}  // namespace scrim
