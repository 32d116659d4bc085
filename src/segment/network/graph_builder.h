#pragma once

#include <string>
#include <vector>

#include "segment/network/graph.h"

namespace scrim {

/// A graph that an importer is making, and the operators that are made of others: what is not in
/// every version of XNNPACK. Private to the importers. Everything throws Error.
class GraphBuilder {
  public:
    const Shape& shape_of(int id) const;

    int add_constant(const std::string& name, Shape shape, std::vector<float> data);
    /// As a list: 1, 1, 1, length.
    int add_list(const std::string& name, std::vector<float> data);

    /// A node whose result has no name in the file: the id of what it gives.
    int add(Node node);

    /// Each channel times its scale plus its shift: a depthwise convolution of 1x1, which
    /// simplify() merges into the convolution before it.
    Node scaled(int id, std::vector<float> scale, std::vector<float> shift);
    int add_scaled(int id, std::vector<float> scale, std::vector<float> shift);
    /// All channels times one number plus another.
    Node scaled(int id, float scale, float shift);
    /// Each channel the same number everywhere, in a picture like that of the id.
    int add_filled(int id, std::vector<float> numbers);

  protected:
    /// So that small files cannot ask for much memory by using a constant again and again.
    void count(std::size_t elements);

    Graph graph_;

  private:
    std::size_t constant_elements_ = 0;
};

Node node_of(Operator operation, std::vector<int> inputs);

// Operators made of others.
Node tanh_of(GraphBuilder& builder, int id);
Node exp_of(GraphBuilder& builder, int id);
Node reciprocal_root_of(GraphBuilder& builder, int id);
/// x, below zero each channel times its slope.
Node prelu_of(GraphBuilder& builder, int id, std::vector<float> slopes);

}  // namespace scrim
