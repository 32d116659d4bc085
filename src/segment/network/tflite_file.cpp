#include "segment/network/tflite_file.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "segment/network/half.h"

namespace scrim {
namespace {

using tflite::TensorType;

static_assert(std::endian::native == std::endian::little, "the files' numbers are little-endian");

constexpr int file_version = 3;
// A sound file nests five tables deep; a network of 4096 nodes has some ten thousand tables.
constexpr int max_depth = 16;
constexpr int max_tables = 100'000;

/// Entry `index` of a vector of tables.
template <typename Table>
const Table& at(const flatbuffers::Vector<flatbuffers::Offset<Table>>* vector, std::int64_t index,
                std::string_view what) {
    if (index < 0 || index >= static_cast<std::int64_t>(TfliteFile::size_of(vector))) {
        throw Error("there is no {} {}", what, index);
    }
    return *vector->Get(static_cast<flatbuffers::uoffset_t>(index));
}

const tflite::Model& verified(std::span<const std::byte> file) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(file.data());
    constexpr std::size_t header = 8;  // offset of the root, identifier
    if (file.size() < header || !tflite::ModelBufferHasIdentifier(data)) {
        throw Error("it is not a TensorFlow Lite network");
    }
    flatbuffers::Verifier verifier(data, file.size(), max_depth, max_tables);
    if (!tflite::VerifyModelBuffer(verifier)) {
        throw Error("the network is damaged (cut off, or bytes changed)");
    }
    const tflite::Model& model = *tflite::GetModel(data);
    if (model.version() != file_version) {
        throw Error("version {} of TensorFlow Lite's format instead of {}", model.version(),
                    file_version);
    }
    return model;
}

}  // namespace

TfliteFile::TfliteFile(std::span<const std::byte> file)
    : model_(&verified(file)), subgraph_(&at(model_->subgraphs(), 0, "graph")) {
    if (size_of(model_->subgraphs()) != 1) throw Error("the network has more than one graph");
}

const tflite::Operator& TfliteFile::operation(std::size_t index) const {
    return at(subgraph_->operators(), static_cast<std::int64_t>(index), "operator");
}

const tflite::OperatorCode& TfliteFile::code_of(const tflite::Operator& op) const {
    return at(model_->operator_codes(), op.opcode_index(), "operator code");
}

std::pair<tflite::BuiltinOperator, std::string> TfliteFile::kind_of(
    const tflite::Operator& op) const {
    const tflite::OperatorCode& code = code_of(op);
    const auto builtin = static_cast<tflite::BuiltinOperator>(
        std::max(static_cast<int>(code.builtin_code()), int{code.builtin_code_byte()}));
    if (builtin == tflite::BuiltinOperator::CUSTOM) return {builtin, text(code.custom_code())};
    const std::string name = tflite::EnumNameBuiltinOperator(builtin);
    return {builtin, name.empty() ? fmt::format("number {}", static_cast<int>(builtin)) : name};
}

const tflite::Tensor& TfliteFile::tensor(int index) const {
    return at(subgraph_->tensors(), index, "tensor");
}

Shape TfliteFile::shape_of(int index) const {
    const tflite::Tensor& t = tensor(index);
    Shape shape{1, 1, 1, 1};
    const std::size_t rank = size_of(t.shape());
    if (rank > shape.size()) throw Error("'{}' has {} sides", text(t.name()), rank);
    for (std::size_t i = 0; i < rank; ++i) {
        const int side = t.shape()->Get(static_cast<flatbuffers::uoffset_t>(i));
        if (side < 1) throw Error("'{}' has a side of {}", text(t.name()), side);
        shape[shape.size() - rank + i] = side;
    }
    return shape;
}

std::span<const std::uint8_t> TfliteFile::bytes(int index) const {
    const auto* data = at(model_->buffers(), tensor(index).buffer(), "buffer").data();
    if (data == nullptr) return {};
    return {data->data(), data->size()};
}

std::vector<float> TfliteFile::floats(int index) const {
    const tflite::Tensor& t = tensor(index);
    const bool half = t.type() == TensorType::FLOAT16;
    if (!half && t.type() != TensorType::FLOAT32) {
        throw Error("'{}' has weights that are not 16 or 32 bit floats", text(t.name()));
    }
    const auto data = bytes(index);
    if (data.empty()) throw Error("'{}' is not constant", text(t.name()));
    std::size_t expected = half ? 2 : sizeof(float);
    for (const int side : shape_of(index)) {
        expected *= static_cast<std::size_t>(side);
        if (expected > data.size()) break;  // before the product can run over
    }
    if (expected != data.size()) {
        throw Error("constant '{}' has {} bytes, which is not what its shape says", text(t.name()),
                    data.size());
    }
    if (half) return floats_of_halves(data);
    std::vector<float> result(data.size() / sizeof(float));
    std::memcpy(result.data(), data.data(), data.size());
    return result;
}

std::vector<int> TfliteFile::whole_numbers(int index, std::size_t count) const {
    const tflite::Tensor& t = tensor(index);
    const auto data = bytes(index);
    if (t.type() != TensorType::INT32 || data.size() != count * sizeof(std::int32_t)) {
        throw Error("'{}' is not a constant of {} whole numbers", text(t.name()), count);
    }
    std::vector<int> result(count);
    std::memcpy(result.data(), data.data(), data.size());
    return result;
}

std::vector<int> TfliteFile::whole_numbers(int index) const {
    const std::size_t count = bytes(index).size() / sizeof(std::int32_t);
    if (count == 0) throw Error("'{}' is not a constant of whole numbers", name_of_tensor(index));
    return whole_numbers(index, count);
}

int TfliteFile::single(const Indices* indices, std::string_view what) {
    if (size_of(indices) != 1) throw Error("{} {}s instead of one", size_of(indices), what);
    return indices->Get(0);
}

std::string TfliteFile::text(const flatbuffers::String* string) {
    constexpr std::size_t longest = 80;  // names come into messages
    if (string == nullptr) return {};
    std::string result = string->str().substr(0, longest);
    std::replace_if(
        result.begin(), result.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7f; }, '?');
    return result;
}

}  // namespace scrim
