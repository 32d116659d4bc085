#include "segment/network/tflite_importer.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "segment/network/tflite_builder.h"
#include "segment/network/tflite_file.h"
#include "segment/network/tflite_operators.h"
#include "util/error.h"

namespace scrim {
namespace {

std::vector<int> listed(const TfliteFile::Indices* tensors) {
    if (tensors == nullptr) return {};
    return {tensors->begin(), tensors->end()};
}

class Importer {
  public:
    explicit Importer(std::span<const std::byte> file) : file_(file), builder_(file_) {}

    Graph run(std::span<const std::string> names) {
        const std::vector<int> outputs =
            names.empty() ? listed(file_.subgraph().outputs()) : outputs_of(names);
        const std::vector<bool> needed =
            names.empty() ? std::vector<bool>(file_.operator_count(), true) : needed_for(outputs);
        give_inputs(needed);
        for (std::size_t i = 0; i < needed.size(); ++i) {
            if (needed[i]) import(i);
        }
        if (!problems_.empty()) throw Error("{}", fmt::join(problems_, "; "));
        return std::move(builder_).finish(outputs);
    }

  private:
    std::vector<int> outputs_of(std::span<const std::string> names) const;
    std::vector<bool> needed_for(const std::vector<int>& outputs) const;
    void give_inputs(const std::vector<bool>& needed);
    void import(std::size_t number);

    TfliteFile file_;
    TfliteBuilder builder_;
    std::vector<std::string> problems_;
};

std::vector<int> Importer::outputs_of(std::span<const std::string> names) const {
    std::map<std::string, int> tensors;
    const auto count = static_cast<int>(TfliteFile::size_of(file_.subgraph().tensors()));
    for (int i = 0; i < count; ++i)
        tensors.emplace(file_.name_of_tensor(i), i);
    std::vector<int> outputs;
    for (const std::string& name : names) {
        const auto found = tensors.find(name);
        if (found == tensors.end()) throw Error("there is no tensor '{}'", name);
        outputs.push_back(found->second);
    }
    return outputs;
}

/// Backwards, since what an operator reads stands before it.
std::vector<bool> Importer::needed_for(const std::vector<int>& outputs) const {
    std::set<int> wanted(outputs.begin(), outputs.end());
    std::vector<bool> needed(file_.operator_count());
    for (std::size_t i = needed.size(); i-- > 0;) {
        const tflite::Operator& op = file_.operation(i);
        const std::vector<int> results = listed(op.outputs());
        needed[i] = std::any_of(results.begin(), results.end(),
                                [&](int tensor) { return wanted.contains(tensor); });
        if (!needed[i]) continue;
        for (const int tensor : listed(op.inputs()))
            wanted.insert(tensor);
    }
    return needed;
}

/// The inputs that are read; a network with a single one says so itself where it is not.
void Importer::give_inputs(const std::vector<bool>& needed) {
    const std::vector<int> inputs = listed(file_.subgraph().inputs());
    if (inputs.empty()) throw Error("the network has no input");
    std::set<int> read;
    for (std::size_t i = 0; i < needed.size(); ++i) {
        if (!needed[i]) continue;
        for (const int tensor : listed(file_.operation(i).inputs()))
            read.insert(tensor);
    }
    for (const int input : inputs)
        if (inputs.size() == 1 || read.contains(input)) builder_.give_input(input);
}

/// Goes on after an error, so that all that is not supported is said at once.
void Importer::import(std::size_t number) {
    constexpr std::size_t most_problems = 8;
    const tflite::Operator& op = file_.operation(number);
    const auto [code, name] = file_.kind_of(op);
    try {
        const TfliteImport import_it = tflite_import(code, name);
        if (import_it == nullptr) throw Error("this operator is not supported");
        import_it(builder_, op);
    } catch (const Error& e) {
        problems_.push_back(fmt::format("operator {} ({}): {}", number, name, e.what()));
        if (problems_.size() == most_problems) throw Error("{}; ...", fmt::join(problems_, "; "));
        builder_.pretend(op);
    }
}

}  // namespace

Graph import_tflite(std::span<const std::byte> file, std::span<const std::string> outputs) {
    Graph graph = Importer(file).run(outputs);
    check(graph);
    return graph;
}

NetworkSurvey survey_tflite(std::span<const std::byte> bytes) {
    const TfliteFile file(bytes);
    NetworkSurvey survey;
    for (const int input : listed(file.subgraph().inputs()))
        survey.inputs.push_back({file.name_of_tensor(input), file.shape_of(input)});
    for (const int output : listed(file.subgraph().outputs()))
        survey.outputs.push_back(file.name_of_tensor(output));
    std::map<std::string, OperatorCount> counts;
    for (std::size_t i = 0; i < file.operator_count(); ++i) {
        const auto [code, name] = file.kind_of(file.operation(i));
        OperatorCount& entry = counts[name];
        entry.name = name;
        entry.supported = tflite_import(code, name) != nullptr;
        ++entry.count;
    }
    for (auto& [name, entry] : counts)
        survey.operators.push_back(std::move(entry));
    return survey;
}

}  // namespace scrim
