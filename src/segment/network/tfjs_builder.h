#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "segment/network/graph_builder.h"
#include "segment/network/tfjs_file.h"
#include "segment/network/tfjs_weights.h"

namespace scrim {

/// The graph as far as it is imported, and what the nodes of the file have given so far. What no
/// node reads any more is forgotten, so that large weights are not kept twice. Private to the
/// importer. Everything throws Error.
class TfjsBuilder : public GraphBuilder {
  public:
    /// What a node gives: a tensor that is computed, or a constant.
    struct Value {
        int tensor = -1;
        TfjsConstant numbers{};

        bool constant() const { return tensor < 0; }
    };

    static constexpr float unlimited = std::numeric_limits<float>::infinity();

    /// In the order of computing, with all that they read.
    TfjsBuilder(const std::vector<const TfjsNode*>& nodes, const std::vector<std::string>& outputs);

    const Value& input(const TfjsNode& node, std::size_t number) const;
    int computed(const TfjsNode& node, std::size_t number) const;
    const TfjsConstant& constant(const TfjsNode& node, std::size_t number) const;

    std::vector<float>& data_of(int tensor);

    /// The result of a node of the file is a constant, another node's result, an input of the
    /// graph, or what the graph's new node computes.
    void give(const TfjsNode& node, TfjsConstant constant);
    void give(const TfjsNode& node, const Value& value);
    void give_input(const TfjsNode& node, Shape shape);
    void give(const TfjsNode& node, Node computing);
    /// A node with the first input alone.
    void give_single(const TfjsNode& node, Operator operation, float min = -unlimited,
                     float max = unlimited);
    /// Each channel times its scale plus its shift: a depthwise convolution of 1x1, which
    /// simplify() merges into the convolution before it.
    void give_scaled(const TfjsNode& node, int tensor, std::vector<float> scale,
                     std::vector<float> shift, int stride_height = 1, int stride_width = 1);

    /// After a node: its inputs have been read once more.
    void forget_inputs(const TfjsNode& node);

    Graph finish(const std::vector<std::string>& outputs) &&;

  private:
    std::map<std::string, Value> values_;       // by node, as long as they are still read
    std::map<std::string, std::size_t> reads_;  // how often each still is
};

}  // namespace scrim
