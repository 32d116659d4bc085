#include "segment/network/tfjs_survey.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "segment/network/tfjs_file.h"
#include "segment/network/tfjs_importer.h"

namespace scrim {
namespace {

bool is_input(const TfjsNode& node) {
    return node.operation() == "Placeholder";
}

/// Filled up with ones in front, as everywhere; all is open where the file says nothing.
Shape input_shape(const TfjsNode& node) {
    Shape shape{1, 0, 0, 0};
    const auto sides = node.shape("shape");
    if (!sides || sides->size() > shape.size()) return shape;
    const std::size_t ones = shape.size() - sides->size();
    for (std::size_t i = 0; i < shape.size(); ++i)
        shape[i] = i < ones ? 1 : std::max((*sides)[i - ones], 0);
    if (shape[0] == 0) shape[0] = 1;
    return shape;
}

}  // namespace

NetworkSurvey survey_tfjs(std::span<const std::byte> model_json) {
    const TfjsFile file(model_json);
    NetworkSurvey survey;
    std::set<std::string> read;
    std::map<std::string, OperatorCount> counts;
    for (const TfjsNode& node : file.nodes()) {
        read.insert(node.inputs().begin(), node.inputs().end());
        OperatorCount& entry = counts[node.operation()];
        entry.name = TfjsFile::shown(node.operation());
        entry.supported = tfjs_supports(node.operation());
        ++entry.count;
        if (is_input(node)) survey.inputs.push_back({node.name(), input_shape(node)});
    }
    for (const TfjsNode& node : file.nodes()) {
        const bool computes =
            node.operation() != "Const" && node.operation() != "NoOp" && !is_input(node);
        if (computes && !read.contains(node.name())) survey.outputs.push_back(node.name());
    }
    for (auto& [name, entry] : counts)
        survey.operators.push_back(std::move(entry));
    return survey;
}

}  // namespace scrim
