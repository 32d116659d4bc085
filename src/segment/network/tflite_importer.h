#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "segment/network/graph.h"

namespace scrim {

/// Reads a network in TensorFlow Lite's file format (.tflite). Nothing in the file is trusted: it
/// is verified before the first byte is used, and the graph that comes out has passed check().
/// Throws Error that says what is wrong and at which operator: a file that is no such network, a
/// damaged one, or one with operators or options that Scrim does not have.
///
/// Known are the operators of MediaPipe's selfie segmentation networks, its own
/// Convolution2DTransposeBias included, and SUB, MAX_POOL_2D and PAD; weights are 32 or 16 bit
/// floats.
///
/// The graph's outputs are the tensors of the given names, in that order, and only what they need
/// is imported; without names it is all of the file, with its only output.
Graph import_tflite(std::span<const std::byte> file, std::span<const std::string> outputs = {});

}  // namespace scrim
