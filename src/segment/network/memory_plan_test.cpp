#include "segment/network/memory_plan.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace scrim {
namespace {

struct Life {
    std::size_t first = 0, last = 0;
};

/// By looking at every node for every tensor.
Life life_of(const Graph& graph, int tensor) {
    Life life;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        if (node.output == tensor) life = {i, i};
        if (std::find(node.inputs.begin(), node.inputs.end(), tensor) != node.inputs.end())
            life.last = i;
    }
    return life;
}

/// The most floats that are needed at the same time, without alignment: no plan needs less.
std::size_t least(const Graph& graph, const MemoryPlan& plan) {
    std::size_t most = 0;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        std::size_t sum = 0;
        for (const auto& place : plan.places) {
            const Life life = life_of(graph, place.tensor);
            if (life.first <= i && i <= life.last)
                sum += static_cast<std::size_t>(
                    elements(graph.tensors[static_cast<std::size_t>(place.tensor)].shape));
        }
        most = std::max(most, sum);
    }
    return most;
}

/// Sums of two of the tensors so far.
Graph random_graph(std::mt19937& random, int nodes, int largest) {
    const auto below = [&](int most) {
        return std::uniform_int_distribution<int>(0, most - 1)(random);
    };
    Graph graph;
    const auto add = [&] { return graph.add_tensor({"", {1, 1, 1, 1 + below(largest)}, {}}); };
    graph.inputs = {add(), add()};
    for (int i = 0; i < nodes; ++i) {
        const int known = static_cast<int>(graph.tensors.size());
        Node node;
        node.operation = Operator::add;
        node.inputs = {std::max(known - 1 - below(12), 0), known - 1 - below(2)};
        node.output = add();
        graph.nodes.push_back(node);
    }
    graph.outputs = {graph.nodes.back().output, graph.nodes[graph.nodes.size() / 2].output};
    return graph;
}

TEST(MemoryPlan, NothingThatIsNeededIsOverwritten) {
    std::mt19937 random(1);
    for (int round = 0; round < 50; ++round) {
        const Graph graph = random_graph(random, 3 + round, 1 + 40 * round);
        const MemoryPlan plan = plan_memory(graph);
        ASSERT_EQ(plan.places.size(), graph.nodes.size() - graph.outputs.size());
        for (const auto& a : plan.places) {
            const auto size = [&](int tensor) {
                return static_cast<std::size_t>(
                    elements(graph.tensors[static_cast<std::size_t>(tensor)].shape));
            };
            EXPECT_EQ(a.offset % 16, 0U);
            EXPECT_LE(a.offset + size(a.tensor), plan.floats);
            const Life life = life_of(graph, a.tensor);
            for (const auto& b : plan.places) {
                if (a.tensor == b.tensor) continue;
                const Life other = life_of(graph, b.tensor);
                if (life.last < other.first || other.last < life.first) continue;
                EXPECT_TRUE(a.offset + size(a.tensor) <= b.offset ||
                            b.offset + size(b.tensor) <= a.offset)
                    << "tensors " << a.tensor << " and " << b.tensor << " of round " << round;
            }
        }
    }
}

TEST(MemoryPlan, TakesLittleMoreThanIsNeededAtOnce) {
    std::mt19937 random(2);
    for (int round = 0; round < 20; ++round) {
        const Graph graph = random_graph(random, 60, 10'000);
        const MemoryPlan plan = plan_memory(graph);
        EXPECT_LE(static_cast<double>(plan.floats), 1.25 * static_cast<double>(least(graph, plan)));
    }
}

TEST(MemoryPlan, AChainTakesTwoPlaces) {
    Graph graph;
    graph.inputs = {graph.add_tensor({"", {1, 4, 4, 16}, {}})};
    for (int i = 0; i < 10; ++i) {
        Node node;
        node.operation = Operator::sigmoid;
        node.inputs = {i};
        node.output = graph.add_tensor({"", {1, 4, 4, 16}, {}});
        graph.nodes.push_back(node);
    }
    graph.outputs = {10};
    EXPECT_EQ(plan_memory(graph).floats, 2U * 4 * 4 * 16);
}

}  // namespace
}  // namespace scrim
