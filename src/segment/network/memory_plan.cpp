#include "segment/network/memory_plan.h"

#include <algorithm>

namespace scrim {
namespace {

constexpr std::size_t alignment = MemoryPlan::alignment;

struct Block {
    int tensor = -1;
    std::size_t size = 0;
    std::size_t first = 0, last = 0;  // the nodes that write and read it
    std::size_t offset = 0;

    bool lives_with(const Block& other) const { return first <= other.last && other.first <= last; }
    std::size_t end() const { return offset + size; }
};

std::vector<Block> blocks_of(const Graph& graph) {
    std::vector<Block> of_tensor(graph.tensors.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        for (const int input : node.inputs)
            of_tensor[static_cast<std::size_t>(input)].last = i;
        const auto output = static_cast<std::size_t>(node.output);
        const auto size = static_cast<std::size_t>(elements(graph.tensors[output].shape));
        of_tensor[output] = {node.output, (size + alignment - 1) / alignment * alignment, i, i, 0};
    }
    for (const int output : graph.outputs)
        of_tensor[static_cast<std::size_t>(output)].tensor = -1;
    std::erase_if(of_tensor, [](const Block& block) { return block.tensor < 0; });
    return of_tensor;
}

/// The lowest place for a block beside those `around`, which live when it does, by offset.
std::size_t lowest_gap(const Block& block, const std::vector<Block>& around) {
    std::size_t offset = 0;
    for (const Block& other : around) {
        if (offset + block.size <= other.offset) break;
        offset = std::max(offset, other.end());
    }
    return offset;
}

}  // namespace

MemoryPlan plan_memory(const Graph& graph) {
    std::vector<Block> blocks = blocks_of(graph);
    std::stable_sort(blocks.begin(), blocks.end(),
                     [](const Block& a, const Block& b) { return a.size > b.size; });
    MemoryPlan plan;
    std::vector<Block> placed;  // by offset
    for (Block& block : blocks) {
        std::vector<Block> around;
        std::copy_if(placed.begin(), placed.end(), std::back_inserter(around),
                     [&](const Block& other) { return other.lives_with(block); });
        block.offset = lowest_gap(block, around);
        plan.places.push_back({block.tensor, block.offset});
        plan.floats = std::max(plan.floats, block.end());
        const auto after = std::find_if(placed.begin(), placed.end(), [&](const Block& other) {
            return other.offset > block.offset;
        });
        placed.insert(after, block);
    }
    return plan;
}

}  // namespace scrim
