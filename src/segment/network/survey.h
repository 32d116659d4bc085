#pragma once

#include <string>
#include <vector>

#include "segment/network/graph.h"

namespace scrim {

/// How often an operator is in a file.
struct OperatorCount {
    std::string name;  // as the file's format calls it
    int count = 0;
    bool supported = false;
};

struct NetworkInput {
    std::string name;
    Shape shape{};  // a side of 0 is left open by the file
};

/// What the file of a network says of itself, before it is imported.
struct NetworkSurvey {
    std::vector<NetworkInput> inputs;
    std::vector<std::string> outputs;
    std::vector<OperatorCount> operators;  // by name
};

}  // namespace scrim
