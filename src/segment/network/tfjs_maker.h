#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

#include "segment/network/tfjs_importer.h"
#include "util/error.h"

namespace scrim {

/// Writes small TensorFlow.js graph models for tests. Whatever is asked for is written, sound or
/// not. The parts are public, so that a test can spoil them.
class TfjsMaker {
  public:
    using Json = nlohmann::json;

    /// The picture that the network gets; open sides are -1.
    std::string input(const std::vector<int>& sides = {1, -1, -1, 3}) {
        return input("picture", sides);
    }
    std::string input(const std::string& name, const std::vector<int>& sides) {
        return node(name, "Placeholder", {}, {{"shape", shape(sides)}});
    }

    /// A constant, kept in the weight file as `type`. Rounds the numbers to what the file says.
    std::string constant(const std::string& name, const std::vector<int>& sides,
                         std::vector<float>& data, const std::string& type = "float32") {
        node(name, "Const", {}, Json::object());
        Json entry{{"name", name}, {"shape", sides}, {"dtype", "float32"}};
        if (type == "float16") {
            entry["quantization"] = {{"dtype", type}};
            append_halves(data);
        } else if (type == "uint8" || type == "uint16") {
            const auto [low, high] = std::minmax_element(data.begin(), data.end());
            const double levels = type == "uint8" ? 255 : 65535;
            const double min = *low;
            const double scale = std::max(double{*high} - min, 1e-3) / levels;
            entry["quantization"] = {{"dtype", type}, {"scale", scale}, {"min", min}};
            for (float& value : data) {
                const auto level = static_cast<std::uint16_t>(std::lround((value - min) / scale));
                append(&level, type == "uint8" ? 1 : 2);  // the low byte comes first
                value = static_cast<float>(level * scale + min);
            }
        } else {
            append(data.data(), data.size() * sizeof(float));
        }
        weights.push_back(std::move(entry));
        return name;
    }
    /// Sizes, axes, paddings.
    std::string numbers(const std::string& name, const std::vector<int>& sides,
                        const std::vector<std::int32_t>& values) {
        node(name, "Const", {}, Json::object());
        append(values.data(), values.size() * sizeof(std::int32_t));
        weights.push_back({{"name", name}, {"shape", sides}, {"dtype", "int32"}});
        return name;
    }

    std::string node(const std::string& name, const std::string& operation,
                     const std::vector<std::string>& inputs, Json attributes = Json::object()) {
        Json entry{{"name", name}, {"op", operation}, {"attr", std::move(attributes)}};
        if (!inputs.empty()) entry["input"] = inputs;
        nodes.push_back(std::move(entry));
        return name;
    }

    static Json shape(const std::vector<int>& sides) {
        Json dimensions = Json::array();
        for (const int side : sides)
            dimensions.push_back({{"size", std::to_string(side)}});
        return {{"shape", {{"dim", dimensions}}}};
    }
    static Json list(const std::vector<int>& values) {
        Json texts = Json::array();
        for (const int value : values)
            texts.push_back(std::to_string(value));
        return {{"list", {{"i", texts}}}};
    }
    static Json text(std::string_view value) { return {{"s", base64(value)}}; }
    static Json texts(const std::vector<std::string>& values) {
        Json all = Json::array();
        for (const std::string& value : values)
            all.push_back(base64(value));
        return {{"list", {{"s", all}}}};
    }

    Json json() const {
        Json paths = Json::array();
        for (int i = 0; i < shards; ++i)
            paths.push_back(shard(i));
        return {{"format", "graph-model"},
                {"modelTopology", {{"node", nodes}}},
                {"weightsManifest", {{{"paths", paths}, {"weights", weights}}}}};
    }
    std::vector<std::byte> model() const { return bytes_of(json().dump()); }

    /// The weight files, as equal in length as they can be.
    std::map<std::string, std::vector<std::byte>> files() const {
        std::map<std::string, std::vector<std::byte>> files;
        const std::size_t size = bytes.size();
        const auto count = static_cast<std::size_t>(shards);
        for (std::size_t i = 0; i < count; ++i) {
            const auto at = [&](std::size_t n) {
                return bytes.begin() + static_cast<std::ptrdiff_t>(size * n / count);
            };
            files[shard(static_cast<int>(i))] = {at(i), at(i + 1)};
        }
        return files;
    }

    Graph import(const TfjsRequest& request) const {
        return import_tfjs(model(), reader(files()), request);
    }

    /// Reads out of those files; their names are all that is known.
    static ReadWeightFile reader(std::map<std::string, std::vector<std::byte>> files) {
        return [files = std::move(files)](const std::string& name) {
            const auto found = files.find(name);
            if (found == files.end()) throw Error("there is no file '{}'", name);
            return found->second;
        };
    }
    static std::vector<std::byte> bytes_of(std::string_view text) {
        const auto* begin = reinterpret_cast<const std::byte*>(text.data());
        return {begin, begin + text.size()};
    }

    Json nodes = Json::array();
    Json weights = Json::array();
    int shards = 1;
    std::vector<std::byte> bytes;  // of all weight files

  private:
    static std::string shard(int number) { return "shard" + std::to_string(number) + ".bin"; }

    void append(const void* data, std::size_t size) {
        const auto* begin = static_cast<const std::byte*>(data);
        bytes.insert(bytes.end(), begin, begin + size);
    }
    void append_halves(std::vector<float>& data) {
        const int count = static_cast<int>(data.size());
        std::vector<std::uint16_t> halves(data.size());
        cv::Mat half(1, count, CV_16F, halves.data());
        cv::Mat full(1, count, CV_32F, data.data());
        full.convertTo(half, CV_16F);
        half.convertTo(full, CV_32F);
        append(halves.data(), 2 * halves.size());
    }

    static std::string base64(std::string_view text) {
        constexpr std::string_view digits =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::string result;
        for (std::size_t i = 0; i < text.size(); i += 3) {
            std::uint32_t group = 0;
            for (std::size_t j = i; j < i + 3; ++j)
                group = group << 8 | (j < text.size() ? static_cast<unsigned char>(text[j]) : 0U);
            for (unsigned j = 0; j < 4; ++j) {
                result += i + j > text.size() ? '=' : digits[group >> (18 - 6 * j) & 63U];
            }
        }
        return result;
    }
};

}  // namespace scrim
