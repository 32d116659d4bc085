#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Mirrors the picture, left to right by default:
///
///     - foreground: [["flip", {horizontal: true, vertical: false}]]
std::unique_ptr<Filter> make_flip();

}  // namespace scrim
