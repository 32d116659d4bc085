#pragma once

#include "segment/network/graph.h"

namespace scrim {

// What shape inference and check() share. Private to them. All throw Error.

/// Sides of 1 or more, within reason.
void check_shape(const Shape& shape);

const Tensor& tensor_at(const Graph& graph, int index);

/// Of a tensor that is computed, with a batch of one.
const Shape& computed_shape(const Graph& graph, int index);

}  // namespace scrim
