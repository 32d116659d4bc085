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

class Importer {
  public:
    explicit Importer(std::span<const std::byte> file) : file_(file), builder_(file_) {}

    Graph run(std::span<const std::string> names) {
        builder_.give_input(TfliteFile::single(file_.subgraph().inputs(), "input"));
        const std::vector<int> outputs = names.empty() ? all_outputs() : outputs_of(names);
        const std::vector<bool> needed =
            names.empty() ? std::vector<bool>(file_.operator_count(), true) : needed_for(outputs);
        for (std::size_t i = 0; i < needed.size(); ++i) {
            if (needed[i]) import(i);
        }
        if (!problems_.empty()) throw Error("{}", fmt::join(problems_, "; "));
        return std::move(builder_).finish(outputs);
    }

  private:
    std::vector<int> all_outputs() const;
    std::vector<int> outputs_of(std::span<const std::string> names) const;
    std::vector<bool> needed_for(const std::vector<int>& outputs) const;
    void import(std::size_t number);

    TfliteFile file_;
    TfliteBuilder builder_;
    std::vector<std::string> problems_;
};

std::vector<int> Importer::all_outputs() const {
    const auto* outputs = file_.subgraph().outputs();
    if (outputs == nullptr) return {};
    return {outputs->begin(), outputs->end()};
}

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
        if (op.outputs() == nullptr || op.inputs() == nullptr) continue;
        needed[i] = std::any_of(op.outputs()->begin(), op.outputs()->end(),
                                [&](int tensor) { return wanted.contains(tensor); });
        if (needed[i]) wanted.insert(op.inputs()->begin(), op.inputs()->end());
    }
    return needed;
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

std::vector<OperatorCount> operators_of_tflite(std::span<const std::byte> bytes) {
    const TfliteFile file(bytes);
    std::map<std::string, OperatorCount> counts;
    for (std::size_t i = 0; i < file.operator_count(); ++i) {
        const auto [code, name] = file.kind_of(file.operation(i));
        OperatorCount& entry = counts[name];
        entry.name = name;
        entry.supported = tflite_import(code, name) != nullptr;
        ++entry.count;
    }
    std::vector<OperatorCount> list;
    list.reserve(counts.size());
    for (auto& [name, entry] : counts)
        list.push_back(std::move(entry));
    return list;
}

}  // namespace scrim
