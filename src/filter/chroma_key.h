#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Makes what has a certain colour transparent, as before a green screen:
///
///     - input: [["chroma_key", {r: 0, g: 255, b: 0, fuzz: 80}]]
///
/// Every pixel is looked at in RGB, with the chroma that it shares with its neighbours. The colour
/// is compared as the frame's 8-bit YUV can show it, so that a picture of just this colour is found
/// with a fuzz of 0, too.
std::unique_ptr<Filter> make_chroma_key();

}  // namespace scrim
