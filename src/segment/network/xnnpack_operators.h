#pragma once

#include <cstdint>

#include <xnnpack.h>

#include "segment/network/graph.h"

namespace scrim {

/// The values of a node in an XNNPACK subgraph; second is only of operators with two inputs.
struct XnnpackValues {
    std::uint32_t input = XNN_INVALID_VALUE_ID;
    std::uint32_t second = XNN_INVALID_VALUE_ID;
    std::uint32_t output = XNN_INVALID_VALUE_ID;
};

/// Defines a node of one or two pictures and nothing else (sums, activations, mean). This is where
/// XNNPACK's interface differs between its packaged versions.
xnn_status define_simple_node(xnn_subgraph_t subgraph, const Node& node,
                              const XnnpackValues& values);

}  // namespace scrim
