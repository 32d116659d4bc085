#include "app/models_inspect.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/tfjs_survey.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"
#include "segment/own_network.h"
#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

constexpr double million = 1e6;

void print_facts(const OwnNetwork& own) {
    for (const NetworkInput& input : own.facts.inputs)
        fmt::print("input     {}  {}\n", to_string(input.shape), input.name);
    for (const OutputFacts& output : own.facts.outputs)
        fmt::print("output    {}  {}\n", to_string(output.shape), output.name);
    std::int64_t weights = 0;
    for (const Tensor& tensor : own.graph.tensors)
        weights += static_cast<std::int64_t>(tensor.data.size());
    fmt::print("weights   {}\n\n", weights);
}

/// What the nodes cost, by operator, the most expensive first.
void print_costs(const Graph& graph) {
    struct Cost {
        std::string_view name;
        int count = 0;
        std::int64_t operations = 0;
    };
    std::map<Operator, Cost> by_operator;
    std::int64_t all = 0;
    for (const Node& node : graph.nodes) {
        Cost& cost = by_operator[node.operation];
        cost.name = name_of(node.operation);
        ++cost.count;
        cost.operations += operations(graph, node);
        all += operations(graph, node);
    }
    std::vector<Cost> costs;
    costs.reserve(by_operator.size());
    for (const auto& [operation, cost] : by_operator)
        costs.push_back(cost);
    std::sort(costs.begin(), costs.end(),
              [](const Cost& a, const Cost& b) { return a.operations > b.operations; });
    fmt::print("{:<24}{:>7}{:>26}{:>8}\n", "operator", "count", "million multiply-adds", "share");
    for (const Cost& cost : costs) {
        fmt::print("{:<24}{:>7}{:>26.3f}{:>7.1f}%\n", cost.name, cost.count,
                   static_cast<double>(cost.operations) / million,
                   100 * static_cast<double>(cost.operations) / static_cast<double>(all));
    }
    fmt::print("{:<24}{:>7}{:>26.3f}\n\n", "all", graph.nodes.size(),
               static_cast<double>(all) / million);
}

/// Where a file cannot be imported: what is in it.
void print_operators(const std::vector<OperatorCount>& operators) {
    fmt::print("{:<32}{:>7}\n", "operator", "count");
    for (const OperatorCount& one : operators)
        fmt::print("{:<32}{:>7}{}\n", one.name, one.count, one.supported ? "" : "  not supported");
    fmt::print("\n");
}

/// The shortest of some runs on a grey picture, in milliseconds.
double milliseconds_of(Graph graph) {
    using Clock = std::chrono::steady_clock;
    using Milliseconds = std::chrono::duration<double, std::milli>;
    constexpr auto enough = std::chrono::milliseconds(300);
    simplify(graph);
    Network network(std::move(graph));
    for (std::size_t i = 0; i < network.input_count(); ++i)
        std::fill(network.input(i).begin(), network.input(i).end(), 0.5F);
    const auto start = Clock::now();
    std::optional<Milliseconds> shortest;
    do {
        const auto begin = Clock::now();
        network.run();
        const Milliseconds took = Clock::now() - begin;
        shortest = std::min(shortest.value_or(took), took);
    } while (Clock::now() - start < enough);
    return shortest->count();
}

void print_card(const fs::path& file, const NetworkCard& card, const NetworkFacts& facts) {
    const fs::path place = card_of(file);
    if (fs::exists(place)) {
        fmt::print("card      {}\n", place.string());
    } else {
        fmt::print("card      none; it would be {}\n", place.string());
    }
    try {
        const NetworkUse use = use_of(card, facts, place.string());
        for (const StateLoop& loop : use.states) {
            fmt::print("state     {} gets what {} gave with the picture before\n",
                       facts.inputs[loop.input].name, facts.outputs[loop.output].name);
        }
        if (use.guessed.empty()) return;
        fmt::print("guessed   {}\n", fmt::join(use.guessed, ", "));
    } catch (const Error& e) {
        fmt::print("problem   {}\n", e.what());
        if (!shows_a_person(facts)) return;
    }
    fmt::print("\nA card to start from:\n\n{}", suggested_card(card, facts));
}

void inspect(const fs::path& file) {
    const NetworkCard card = read_card_of(file);
    fmt::print("{}\n\n", file.string());
    std::optional<OwnNetwork> own;
    try {
        own = import_network_file(file, card);
    } catch (const Error& e) {
        const std::vector<std::byte> bytes = read_model_file_at(file);
        print_operators(file.extension() == ".json" ? survey_tfjs(bytes).operators
                                                    : survey_tflite(bytes).operators);
        throw Error("{} cannot be used: {}", file.string(), e.what());
    }
    print_facts(*own);
    print_costs(own->graph);
    fmt::print("one run   {:.2f} ms on this machine, one thread\n", milliseconds_of(own->graph));
    print_card(file, card, own->facts);
}

}  // namespace

void add_models_inspect(CLI::App& models) {
    auto* const command = models.add_subcommand(
        "inspect", "Show what is in a network file, what it costs, and the card that it needs");
    auto file = std::make_shared<fs::path>();
    command->add_option("file", *file, "a .tflite file, or the model.json of TensorFlow.js")
        ->required()
        ->type_name("FILE");
    command->footer("  scrim models inspect my-network.tflite");
    command->callback([file] { inspect(*file); });
}

}  // namespace scrim
