#include "frame/color.h"

namespace scrim {

LumaWeights luma_weights(Matrix matrix) {
    return matrix == Matrix::bt709 ? LumaWeights{0.2126, 0.0722} : LumaWeights{0.299, 0.114};
}

Levels levels(Range range) {
    return range == Range::limited ? Levels{219.0 / 255, 16, 224.0 / 255} : Levels{1, 0, 1};
}

YuvMatrix rgb_to_yuv(ColorTags tags) {
    const auto [red, blue] = luma_weights(tags.matrix);
    const double green = 1 - red - blue;
    const Levels l = levels(tags.range);
    const double u = l.chroma_scale / (2 * (1 - blue));
    const double v = l.chroma_scale / (2 * (1 - red));
    return {{{red * l.luma_scale, green * l.luma_scale, blue * l.luma_scale, l.luma_offset},
             {-red * u, -green * u, (1 - blue) * u, 128},
             {(1 - red) * v, -green * v, -blue * v, 128}}};
}

}  // namespace scrim
