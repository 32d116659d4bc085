#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Multiplies red, green and blue, like coloured glass:
///
///     - input: [["color_filter", 255, 220, 180]]
///
/// That is linear in RGB and therefore in YUV: one 3x3 matrix, where luma takes the chroma that it
/// shares with its neighbours and chroma the mean of the luma over it. Colours that leave RGB are
/// cut where the picture is turned into RGB, as everywhere else.
std::unique_ptr<Filter> make_color_filter();

}  // namespace scrim
