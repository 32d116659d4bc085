#pragma once

#include <string>
#include <vector>

#include "segment/network/tfjs_file.h"

namespace scrim {

/// The nodes that the outputs need, each one behind those that it reads. Throws Error: a node that
/// is not there or there twice, or nodes that wait for each other.
std::vector<const TfjsNode*> computing_order(const std::vector<TfjsNode>& nodes,
                                             const std::vector<std::string>& outputs);

}  // namespace scrim
