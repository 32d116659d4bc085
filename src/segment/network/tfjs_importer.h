#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "segment/network/graph.h"
#include "segment/network/tfjs_weights.h"

namespace scrim {

/// What is wanted of a TensorFlow.js network.
struct TfjsRequest {
    int height = 0, width = 0;         // of the picture that it gets
    std::vector<std::string> outputs;  // names of nodes, as in "float_segments"

    /// The dilations of a convolution have four numbers: batch, height, width, channels. Those that
    /// Google's converter of 2019 wrote into BodyPix' files are height, width, 1, 1: a dilation of
    /// 2x2 became one of 2x1 to everyone who reads the file as it is, TensorFlow.js included.
    /// Whether to read what was meant, and what the weights were trained with.
    bool mend_dilations = false;

    /// The inputs that are not the picture, with their shapes.
    std::map<std::string, Shape> states = {};
};

/// Reads a network that was converted for TensorFlow.js as a graph model: model.json and the weight
/// files that it names. Only what the outputs need is imported; they stand in the graph in the
/// order of the request, the inputs in that of being read. Nothing in the files is trusted, and the
/// graph that comes out has passed check(). Throws Error that says what is wrong and at which node:
/// a file that is no such network, a damaged one, or one with operators or options that Scrim does
/// not have.
///
/// Known are convolutions (plain, depthwise, fused), batch normalisations, biases, pools, means,
/// padding, enlargement, concatenation, softmax, and most of what treats each number by itself or
/// two at the same place (one of them may be a constant: of each channel, or one for all).
/// Computations on constants are done here. Weights are 32 or 16 bit floats or quantised to 16 or 8
/// bits.
Graph import_tfjs(std::span<const std::byte> model_json, const ReadWeightFile& read,
                  const TfjsRequest& request);

/// Whether an operator of that name can be imported, with some of its options at least.
bool tfjs_supports(std::string_view operation);

}  // namespace scrim
