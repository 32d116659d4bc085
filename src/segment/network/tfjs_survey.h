#pragma once

#include <cstddef>
#include <span>

#include "segment/network/survey.h"

namespace scrim {

/// Of a TensorFlow.js graph model. Its outputs are the nodes that no other node reads. Throws Error
/// for a file that is no such model.
NetworkSurvey survey_tfjs(std::span<const std::byte> model_json);

}  // namespace scrim
