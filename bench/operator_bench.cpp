// Where a network's time goes: each of its operators as a network of its own, in the order in which
// they run. The label says what it computes; GFLOPS counts a multiply-add as two. Each has warm
// caches and pays for a start of its own, so that their sum is not quite the whole network's time.
//
//   scrim_bench --benchmark_filter=operators/landscape
#include <algorithm>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"

namespace scrim {
namespace {

/// One node of the graph with its constants; what it reads is the input.
Graph alone(const Graph& graph, const Node& node) {
    Graph out;
    Node copy = node;
    for (int& input : copy.inputs) {
        const Tensor& tensor = graph.tensors[static_cast<std::size_t>(input)];
        input = out.add_tensor(tensor);
        if (!tensor.constant()) out.inputs.push_back(input);
    }
    copy.output = out.add_tensor(graph.tensors[static_cast<std::size_t>(node.output)]);
    out.outputs.push_back(copy.output);
    out.nodes.push_back(std::move(copy));
    return out;
}

std::string label_of(const Graph& graph, const Node& node) {
    const auto shape = [&](int tensor) {
        return to_string(graph.tensors[static_cast<std::size_t>(tensor)].shape);
    };
    return fmt::format("{} {} {}", name_of(node.operation), shape(node.inputs[0]),
                       shape(node.output));
}

void run_alone(benchmark::State& state, const Graph& graph, std::size_t number) {
    const Node& node = graph.nodes[number];
    Network network(alone(graph, node));
    for (std::size_t i = 0; i < network.input_count(); ++i)
        std::ranges::fill(network.input(i), 0.5F);
    for ([[maybe_unused]] auto _ : state)
        network.run();
    state.SetLabel(label_of(graph, node));
    const auto work = 2 * static_cast<double>(operations(graph, node));
    state.counters["GFLOPS"] =
        benchmark::Counter(work / 1e9, benchmark::Counter::kIsIterationInvariantRate);
}

[[maybe_unused]] const bool registered = [] {
    const auto add = [](std::string_view network, std::string_view file) {
        if (!find_model_file(std::string(file))) return;
        Graph graph = import_tflite(read_model_file(std::string(file)));
        simplify(graph);
        for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
            benchmark::RegisterBenchmark(fmt::format("operators/{}/{:03}", network, i).c_str(),
                                         run_alone, graph, i)
                ->Unit(benchmark::kMicrosecond);
        }
    };
    add("landscape", "selfie_segmentation_landscape.tflite");
    add("square", "selfie_segmentation.tflite");
    return true;
}();

}  // namespace
}  // namespace scrim
