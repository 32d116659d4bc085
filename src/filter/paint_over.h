#pragma once

#include "frame/frame.h"

namespace scrim {

/// Paints over the person with the colours around, so that a blur afterwards spreads none of the
/// person's: the mean colours of small blocks, weighted by what is surely not the person, filled
/// from coarser and coarser ones where there is nothing else ("pull-push" of Gortler et al., The
/// Lumigraph, 1996). Far from the person all bytes stay as they are, and so does everything if the
/// mask (of the image's size) shows nobody, or nothing else.
void paint_over(Frame& image, const Plane& mask);

}  // namespace scrim
