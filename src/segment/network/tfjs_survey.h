#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "segment/network/tflite_importer.h"

namespace scrim {

/// What a TensorFlow.js graph model says of itself, before it is imported.
struct TfjsSurvey {
    std::optional<int> height, width;      // of its input, where they are not open
    std::vector<std::string> outputs;      // nodes that no other node reads
    std::vector<OperatorCount> operators;  // by name
};

/// Throws Error for a file that is no such model.
TfjsSurvey survey_tfjs(std::span<const std::byte> model_json);

}  // namespace scrim
