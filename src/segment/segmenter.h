#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "frame/frame.h"
#include "util/error.h"

namespace scrim {

/// The network's score for "person", 0..255, at the network's own resolution, covering the whole
/// frame (its edges are the frame's edges).
struct Score {
    Plane plane;
    std::uint64_t sequence = 0;  // of the frame that it was made from
};

/// Finds the person in a picture.
///
/// Threads: one at a time. Errors: Error for a picture that cannot be segmented; the caller then
/// takes an empty mask, never the raw room.
class Segmenter {
  public:
    virtual ~Segmenter() = default;

    /// For people: "MediaPipe selfie, landscape (144x256)".
    virtual const std::string& name() const = 0;
    /// Whether the score is a yes/no question (threshold applies) or a soft alpha.
    virtual bool hard() const = 0;

    virtual Score segment(const Frame& frame) = 0;
};

}  // namespace scrim
