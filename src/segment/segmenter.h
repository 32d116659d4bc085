#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frame/frame.h"
#include "util/body.h"
#include "util/error.h"

namespace scrim {

/// What a network says of a frame, 0..255, at its own resolution, covering the whole frame (its
/// edges are the frame's edges). What was not asked for is empty.
struct Score {
    Plane plane;                    // for "person"
    std::uint64_t sequence = 0;     // of the frame that it was made from
    std::vector<Plane> parts = {};  // PersonNeeds::parts: rather these than others
    std::array<Plane, keypoints.size()> heatmaps = {};  // for each keypoint
};

/// What a network can give besides the person.
struct Abilities {
    bool parts = false;
    bool keypoints = false;
};

/// Width and height in pixels.
struct PictureSize {
    int width = 0;
    int height = 0;
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

    /// What frames are scaled to for the network; nothing = it wants them as they are.
    virtual std::optional<PictureSize> input_size() const { return std::nullopt; }

    virtual Score segment(const Frame& frame) = 0;

    /// Runs the bare network on what it got last, the result thrown away. For benchmarks.
    virtual void run_again() {}
};

}  // namespace scrim
