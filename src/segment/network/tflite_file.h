#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tflite_generated.h>

#include "segment/network/graph.h"
#include "util/error.h"

namespace scrim {

/// A verified .tflite file in memory (not owned), and checked access to what is in it: the
/// verifier sees to it that nothing is read outside of the file, this class that every index and
/// size in it means something. Private to the importer and its tests. Everything throws Error.
class TfliteFile {
  public:
    using Indices = flatbuffers::Vector<std::int32_t>;

    explicit TfliteFile(std::span<const std::byte> file);

    const tflite::SubGraph& subgraph() const { return *subgraph_; }
    std::size_t operator_count() const { return size_of(subgraph_->operators()); }
    const tflite::Operator& operation(std::size_t index) const;
    const tflite::OperatorCode& code_of(const tflite::Operator& op) const;
    const tflite::Tensor& tensor(int index) const;
    std::string name_of_tensor(int index) const { return text(tensor(index).name()); }

    /// Of an operator: what it is, and its name (of a custom one its identity, else for messages).
    std::pair<tflite::BuiltinOperator, std::string> kind_of(const tflite::Operator& op) const;

    /// Shapes with fewer than four sides are filled up with ones in front.
    Shape shape_of(int tensor) const;

    /// The bytes of a constant; empty if the tensor is none.
    std::span<const std::uint8_t> bytes(int tensor) const;

    /// A constant of 16 or 32 bit floats, as long as its shape says.
    std::vector<float> floats(int tensor) const;

    /// A constant list of `count` whole numbers (sizes, axes).
    std::vector<int> whole_numbers(int tensor, std::size_t count) const;
    /// The same of as many as there are, one at least.
    std::vector<int> whole_numbers(int tensor) const;

    /// The only index in a list.
    static int single(const Indices* indices, std::string_view what);

    /// A name in the file, fit to be shown.
    static std::string text(const flatbuffers::String* string);

    template <typename Vector>
    static std::size_t size_of(const Vector* vector) {
        return vector == nullptr ? 0 : vector->size();
    }

  private:
    const tflite::Model* model_;
    const tflite::SubGraph* subgraph_;
};

}  // namespace scrim
