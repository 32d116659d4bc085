#include "segment/network/tfjs_survey.h"

#include <map>
#include <set>
#include <utility>

#include "segment/network/tfjs_file.h"
#include "segment/network/tfjs_importer.h"

namespace scrim {

TfjsSurvey survey_tfjs(std::span<const std::byte> model_json) {
    const TfjsFile file(model_json);
    TfjsSurvey survey;
    std::set<std::string> read;
    std::map<std::string, OperatorCount> counts;
    for (const TfjsNode& node : file.nodes()) {
        read.insert(node.inputs().begin(), node.inputs().end());
        OperatorCount& entry = counts[node.operation()];
        entry.name = TfjsFile::shown(node.operation());
        entry.supported = tfjs_supports(node.operation());
        ++entry.count;
        if (node.operation() != "Placeholder") continue;
        const auto shape = node.shape("shape");
        if (!shape || shape->size() != 4) continue;
        if ((*shape)[1] > 0) survey.height = (*shape)[1];
        if ((*shape)[2] > 0) survey.width = (*shape)[2];
    }
    for (const TfjsNode& node : file.nodes()) {
        const bool computes = node.operation() != "Const" && node.operation() != "NoOp";
        if (computes && !read.contains(node.name())) survey.outputs.push_back(node.name());
    }
    for (auto& [name, entry] : counts)
        survey.operators.push_back(std::move(entry));
    return survey;
}

}  // namespace scrim
