#pragma once

#include <array>
#include <optional>
#include <vector>

#include "frame/face.h"
#include "frame/plane.h"
#include "util/body.h"

namespace scrim {

/// What layers ask to be found in the frames. What nobody asks for is not computed.
struct PersonNeeds {
    bool mask = false;
    bool faces = false;
    std::vector<PartSet> parts = {};  // each set is asked for once
    KeypointSet keypoints = {};

    bool any() const { return mask || faces || !parts.empty() || keypoints.any(); }
    bool operator==(const PersonNeeds&) const = default;

    /// Adds what somebody else asks for.
    void add(const PersonNeeds& other);
};

/// What was found in a frame. An empty plane is one that nobody asked for, or nothing found: then
/// nobody counts as being in the picture. Planes have the frame's size, 0..255.
struct Person {
    Plane mask = {};
    std::vector<Plane> parts = {};                      // of PersonNeeds::parts, in their order
    std::array<Plane, keypoints.size()> heatmaps = {};  // how likely a keypoint is there
    /// Nothing = not asked for, or looking failed.
    std::optional<std::vector<Face>> faces = std::nullopt;
};

}  // namespace scrim
