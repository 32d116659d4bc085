#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// A blue-green projection with dim lines and two ghosts beside it:
///
///     - foreground: ["hologram"]
///
/// The effect of "Open Source Virtual Background" (B. Elder, 2020): the colour map "winter" on
/// luma; of every five rows two are dimmed to 10..30 %, anew in every frame; ghosts 5 pixels down
/// right and up left; all together brightened to 110 %.
std::unique_ptr<Filter> make_hologram();

}  // namespace scrim
