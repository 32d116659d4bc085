#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "segment/network/graph.h"
#include "segment/network/survey.h"

namespace scrim {

/// Reads a network in TensorFlow Lite's file format (.tflite). Nothing in the file is trusted: it
/// is verified before the first byte is used, and the graph that comes out has passed check().
/// Throws Error that says what is wrong and at which operators: a file that is no such network, a
/// damaged one, or one with operators or options that Scrim does not have (all of them at once).
///
/// Known are convolutions (plain, depthwise, transposed, MediaPipe's Convolution2DTransposeBias),
/// fully connected layers, pools, means, padding, enlargement, concatenation, splitting of
/// channels, changes of shape, softmax, and most of what treats each number by itself or two at the
/// same place; weights are 32 or 16 bit floats.
///
/// The graph's outputs are the tensors of the given names, in that order, and only what they need
/// is imported; without names it is all of the file, with all its outputs. Its inputs are those of
/// the file that are needed, in the file's order.
Graph import_tflite(std::span<const std::byte> file, std::span<const std::string> outputs = {});

/// Throws Error for a file that is none.
NetworkSurvey survey_tflite(std::span<const std::byte> file);

}  // namespace scrim
