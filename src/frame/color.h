#pragma once

#include <array>

#include "frame/frame.h"

namespace scrim {

/// Y, U, V rows of {R, G, B, constant} for 8-bit R, G, B, after ITU-R BT.601 and BT.709; limited
/// range has Y in 16..235 and U, V in 16..240, full range (JFIF) has all in 0..255.
using YuvMatrix = std::array<std::array<double, 4>, 3>;
YuvMatrix rgb_to_yuv(ColorTags tags);

/// The weights of red and blue in luma; green's is what is left of 1.
struct LumaWeights {
    double red, blue;
};
LumaWeights luma_weights(Matrix matrix);

/// How Y and U, V are laid out in 8 bits.
struct Levels {
    double luma_scale, luma_offset, chroma_scale;
};
Levels levels(Range range);

}  // namespace scrim
