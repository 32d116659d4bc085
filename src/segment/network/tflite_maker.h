#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>
#include <tflite_generated.h>

#include "segment/network/reference_operators.h"

namespace scrim {

/// Writes small .tflite files for tests, with the writer that flatc makes from our schema. Whatever
/// is asked for is written, sound or not.
class TfliteMaker {
  public:
    using Options = flatbuffers::Offset<void>;

    TfliteMaker() { buffers_.emplace_back(); }  // number 0 is the empty one

    /// A tensor that is computed, or the input.
    int tensor(Shape shape, tflite::TensorType type = tflite::TensorType::FLOAT32) {
        return add_tensor({shape.begin(), shape.end()}, type, 0);
    }

    /// The same with any number of sides.
    int tensor_of(const std::vector<std::int32_t>& sides) {
        return add_tensor(sides, tflite::TensorType::FLOAT32, 0);
    }

    int constant_of(const std::vector<std::int32_t>& sides, const std::vector<float>& data) {
        return add_constant(sides, tflite::TensorType::FLOAT32, data.data(),
                            data.size() * sizeof(float));
    }

    int constant(const reference::Array& array) {
        return add_constant(sides(array), tflite::TensorType::FLOAT32, array.data.data(),
                            array.data.size() * sizeof(float));
    }

    /// The same as 16 bit floats (their values are rounded first) behind a DEQUANTIZE.
    int half_constant(reference::Array& array) {
        const int count = static_cast<int>(array.data.size());
        std::vector<std::uint16_t> halves(array.data.size());
        cv::Mat half(1, count, CV_16F, halves.data());
        cv::Mat full(1, count, CV_32F, array.data.data());
        full.convertTo(half, CV_16F);
        half.convertTo(full, CV_32F);
        const int source = add_constant(sides(array), tflite::TensorType::FLOAT16, halves.data(),
                                        halves.size() * 2);
        const int target = add_tensor(sides(array), tflite::TensorType::FLOAT32, 0);
        operation(tflite::BuiltinOperator::DEQUANTIZE, {source}, target);
        return target;
    }

    int numbers(const std::vector<std::int32_t>& values) {
        return add_constant({static_cast<std::int32_t>(values.size())}, tflite::TensorType::INT32,
                            values.data(), values.size() * sizeof(std::int32_t));
    }

    template <typename Table>
    void operation(tflite::BuiltinOperator code, const std::vector<int>& inputs, int output,
                   flatbuffers::Offset<Table> options) {
        add_operator(code, {}, inputs, {output}, tflite::BuiltinOptionsTraits<Table>::enum_value,
                     options.Union(), {});
    }
    template <typename Table>
    void operation(tflite::BuiltinOperator code, const std::vector<int>& inputs,
                   const std::vector<int>& outputs, flatbuffers::Offset<Table> options) {
        add_operator(code, {}, inputs, outputs, tflite::BuiltinOptionsTraits<Table>::enum_value,
                     options.Union(), {});
    }
    void operation(tflite::BuiltinOperator code, const std::vector<int>& inputs, int output) {
        add_operator(code, {}, inputs, {output}, tflite::BuiltinOptions::NONE, 0, {});
    }
    void custom(const std::string& name, const std::vector<int>& inputs, int output,
                const std::vector<std::int32_t>& options) {
        std::vector<std::uint8_t> bytes(options.size() * sizeof(std::int32_t));
        std::memcpy(bytes.data(), options.data(), bytes.size());
        add_operator(tflite::BuiltinOperator::CUSTOM, name, inputs, {output},
                     tflite::BuiltinOptions::NONE, 0, bytes);
    }

    flatbuffers::FlatBufferBuilder& builder() { return builder_; }

    std::vector<std::byte> file(int input, int output, unsigned version = 3, int graphs = 1) {
        return file(input, std::vector<std::int32_t>{output}, version, graphs);
    }
    std::vector<std::byte> file(int input, const std::vector<std::int32_t>& outputs,
                                unsigned version = 3, int graphs = 1) {
        return file_of({input}, outputs, version, graphs);
    }
    std::vector<std::byte> file_of(const std::vector<std::int32_t>& inputs,
                                   const std::vector<std::int32_t>& outputs, unsigned version = 3,
                                   int graphs = 1) {
        std::vector<flatbuffers::Offset<tflite::SubGraph>> subgraphs;
        subgraphs.reserve(static_cast<std::size_t>(graphs));
        for (int i = 0; i < graphs; ++i) {
            subgraphs.push_back(
                tflite::CreateSubGraphDirect(builder_, &tensors_, &inputs, &outputs, &operators_));
        }
        std::vector<flatbuffers::Offset<tflite::Buffer>> buffers;
        buffers.reserve(buffers_.size());
        for (const auto& bytes : buffers_) {
            buffers.push_back(tflite::CreateBufferDirect(builder_, &bytes));
        }
        tflite::FinishModelBuffer(builder_,
                                  tflite::CreateModelDirect(builder_, version, &codes_, &subgraphs,
                                                            "made by a test", &buffers));
        const auto* data = reinterpret_cast<const std::byte*>(builder_.GetBufferPointer());
        return {data, data + builder_.GetSize()};
    }

  private:
    /// A list of one dimension is written with one side, as real files do for a bias.
    static std::vector<std::int32_t> sides(const reference::Array& array) {
        const Shape& s = array.shape;
        if (s[0] == 1 && s[1] == 1 && s[2] == 1) return {s[3]};
        return {s.begin(), s.end()};
    }

    int add_tensor(const std::vector<std::int32_t>& shape, tflite::TensorType type,
                   std::size_t buffer) {
        const std::string name = "tensor" + std::to_string(tensors_.size());
        tensors_.push_back(tflite::CreateTensorDirect(
            builder_, &shape, type, static_cast<std::uint32_t>(buffer), name.c_str()));
        return static_cast<int>(tensors_.size()) - 1;
    }

    int add_constant(const std::vector<std::int32_t>& shape, tflite::TensorType type,
                     const void* data, std::size_t size) {
        const auto* bytes = static_cast<const std::uint8_t*>(data);
        buffers_.emplace_back(bytes, bytes + size);
        return add_tensor(shape, type, buffers_.size() - 1);
    }

    void add_operator(tflite::BuiltinOperator code, const std::string& custom,
                      const std::vector<std::int32_t>& inputs,
                      const std::vector<std::int32_t>& outputs, tflite::BuiltinOptions type,
                      Options options, const std::vector<std::uint8_t>& custom_options) {
        const auto byte = static_cast<std::int8_t>(std::min(static_cast<int>(code), 127));
        codes_.push_back(tflite::CreateOperatorCodeDirect(
            builder_, byte, custom.empty() ? nullptr : custom.c_str(), 1, code));
        operators_.push_back(tflite::CreateOperatorDirect(
            builder_, static_cast<std::uint32_t>(codes_.size() - 1), &inputs, &outputs, type,
            options, custom_options.empty() ? nullptr : &custom_options));
    }

    flatbuffers::FlatBufferBuilder builder_;
    std::vector<std::vector<std::uint8_t>> buffers_;
    std::vector<flatbuffers::Offset<tflite::Tensor>> tensors_;
    std::vector<flatbuffers::Offset<tflite::OperatorCode>> codes_;
    std::vector<flatbuffers::Offset<tflite::Operator>> operators_;
};

}  // namespace scrim
