#pragma once

#include <cstddef>
#include <vector>

#include "segment/network/graph.h"

namespace scrim {

/// Rewrites a sound graph into one that gives the same numbers (but for rounding) with less work:
///
/// - zeros around a picture become the padding of the convolution that reads it;
/// - what multiplies and shifts each channel by itself (a 1x1 depthwise convolution: importers make
///   one of every batch normalisation and bias) goes into the weights of the convolution before it;
/// - a clamp behind a convolution or a sum becomes the limits of that node;
/// - the mean of a concatenation of channels becomes a concatenation of means;
/// - a 1x1 convolution behind an enlargement is moved before it: both are linear and an
///   interpolation's weights add up to one, so their order does not matter, and there are fewer
///   pixels (and often channels) before the enlargement.
void simplify(Graph& graph);

/// Leaves these inputs and outputs of a sound graph, in that order, and what the outputs need. All
/// inputs that they need have to be among them.
void keep(Graph& graph, const std::vector<std::size_t>& inputs,
          const std::vector<std::size_t>& outputs);

}  // namespace scrim
