#pragma once

#include <vector>

#include "frame/face.h"
#include "frame/plane.h"

namespace scrim {

/// The faces in a score for "part of a face" (above 127 = it is one): a box around each region that
/// hangs together, largest first, without specks. The eyes are where their scores are highest
/// within the box, if they are above 127 there; the scores may be empty. All three have the same
/// size.
std::vector<Face> faces_of_parts(const Plane& face, const Plane& right_eye, const Plane& left_eye);

}  // namespace scrim
