#pragma once

#include <memory>
#include <vector>

#include "frame/face.h"
#include "frame/frame.h"

namespace scrim {

/// Finds the faces in a picture.
///
/// Threads: one at a time. Errors: Error for a picture that cannot be looked at; who hides faces
/// must then count with one anywhere.
class FaceDetector {
  public:
    virtual ~FaceDetector() = default;

    /// All faces, in no particular order.
    virtual std::vector<Face> detect(const Frame& frame) = 0;
};

/// MediaPipe's face detector: its full-range network, and where that finds nobody, its short-range
/// one, which knows faces so near that they fill the picture. The whole frame is seen, its shape
/// kept. Throws Error: a file is missing (and how to get it), broken, or not that network.
std::unique_ptr<FaceDetector> open_face_detector();

}  // namespace scrim
