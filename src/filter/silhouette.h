#pragma once

#include "frame/plane.h"

namespace scrim {

/// Each pixel becomes the largest within a disc of `radius` pixels: the shape grows by that much to
/// all sides, its edge as soft as before.
Plane dilated(const Plane& alpha, int radius);

/// Blurred by a Gaussian of that standard deviation in pixels, edges repeated; a wide one at
/// reduced size, where it is as smooth: within 4 of the exact value away from the edges.
Plane softened(const Plane& alpha, double sigma);

}  // namespace scrim
