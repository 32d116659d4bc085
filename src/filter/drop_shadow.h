#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// A soft shadow under the person (under what is visible of the layer):
///
///     - foreground: [["drop_shadow", {x: 12, y: 12, blur: 24}]]
std::unique_ptr<Filter> make_drop_shadow();

}  // namespace scrim
