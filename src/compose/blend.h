#pragma once

#include "frame/frame.h"

namespace scrim {

/// `top` laid on `base` by top's alpha: top * a/255 + base * (1 - a/255), at most 1 away from the
/// nearest value; chroma takes the mean alpha of its (up to) four pixels, rounded. Where alpha is
/// 255 the bytes of `top` come out unchanged, where it is 0 those of `base`. An opaque `top` is the
/// result itself, uncopied; where nobody else holds base's pixels, the result takes their place.
/// Both have the same size and tags; base must be opaque. Sequence and time are base's.
Frame blended(Frame base, const Frame& top);

/// blended() for the plain, slow and obvious reader, rounded to nearest; for tests and as the
/// benchmark's opponent.
Frame blended_reference(const Frame& base, const Frame& top);

}  // namespace scrim
