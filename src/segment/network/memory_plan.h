#pragma once

#include <cstddef>
#include <vector>

#include "segment/network/graph.h"

namespace scrim {

/// Where the tensors lie that a graph computes on its way, in one piece of memory. Those that are
/// needed at the same time lie beside each other, others may share a place.
struct MemoryPlan {
    static constexpr std::size_t alignment = 16;  // floats: 64 bytes
    /// Number of a tensor, and where it begins, in floats: a multiple of the alignment. Constants,
    /// inputs and outputs of the graph are not planned.
    struct Place {
        int tensor = -1;
        std::size_t offset = 0;
    };
    std::vector<Place> places;
    std::size_t floats = 0;  // of all
};

/// The largest tensors first, each into the lowest gap among those that live as long as it does
/// ("greedy by size" of Pisarchyk and Lee, Efficient Memory Management for Deep Neural Net
/// Inference, 2020). `graph` must be sound. XNNPACK plans by itself, but the oldest version in
/// question takes 4.9 MB for MediaPipe's landscape network where 1.8 do.
MemoryPlan plan_memory(const Graph& graph);

}  // namespace scrim
