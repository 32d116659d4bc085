#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "segment/network/graph_builder.h"
#include "segment/network/tflite_file.h"

namespace scrim {

/// The graph as far as it is imported. "Tensor" is a number of the file here, "id" one of the
/// graph. Private to the importer. Everything throws Error.
class TfliteBuilder : public GraphBuilder {
  public:
    explicit TfliteBuilder(const TfliteFile& file) : file_(file) {}

    const TfliteFile& file() const { return file_; }

    static std::size_t input_count(const tflite::Operator& op);
    /// Throws unless there are `count` inputs.
    static int input_of(const tflite::Operator& op, std::size_t number, std::size_t count);

    void give_input(int tensor);
    /// The constant `source` is read under the name of `target`, too.
    void give_dequantised(int target, int source);

    /// The id of a tensor that has been computed before.
    int computed(int tensor) const;
    bool is_constant(int tensor) const;
    /// The numbers of a constant, as it is or behind a DEQUANTIZE.
    std::vector<float> numbers(int tensor) const;
    /// The id of a constant.
    int constant(int tensor);

    /// The node that gives the operator's result, with that activation. Its shape has to be that of
    /// the file.
    void give(const tflite::Operator& op, Node node,
              tflite::Activation activation = tflite::Activation::NONE);
    /// One result of several.
    void give_part(const tflite::Operator& op, std::size_t part, Node node);
    /// The same where the file may show the result in another shape.
    void give_reshaped(const tflite::Operator& op, Node node,
                       tflite::Activation activation = tflite::Activation::NONE);

    /// Lets operators that read the results of one that could not be imported be looked at, too.
    /// The graph is good for nothing afterwards.
    void pretend(const tflite::Operator& op);

    /// When everything has been imported.
    Graph finish(const std::vector<int>& outputs) &&;

  private:
    int result_tensor(int tensor);
    void apply(Node& node, tflite::Activation activation);
    void give_tensor(int tensor, Node node);

    const TfliteFile& file_;
    std::map<int, int> ids_;          // tensor in the file -> tensor in the graph
    std::map<int, int> dequantised_;  // tensor that a DEQUANTIZE gives -> the constant it reads
};

}  // namespace scrim
