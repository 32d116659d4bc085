#include "segment/network/tfjs_weights.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "segment/network/half.h"
#include "util/error.h"

namespace scrim {
namespace {

static_assert(std::endian::native == std::endian::little, "the files' numbers are little-endian");

// ResNet50 in floats has 90 MiB.
constexpr std::size_t max_bytes = std::size_t{256} << 20;
constexpr std::size_t max_files = 1024;

/// As stored in the file.
const std::string& stored_type(const TfjsWeight& weight) {
    return weight.quantised ? weight.quantised->type : weight.type;
}

std::size_t bytes_of_number(const TfjsWeight& weight) {
    const std::string& type = stored_type(weight);
    if (type == "float32" || type == "int32") return 4;
    if (type == "uint16" || type == "float16") return 2;
    if (type == "uint8" || type == "bool") return 1;
    throw Error("weights '{}' are of the type \"{}\", which is not supported",
                TfjsFile::shown(weight.name), TfjsFile::shown(type));
}

std::size_t bytes_of(const TfjsWeight& weight) {
    std::size_t bytes = bytes_of_number(weight);
    for (const int side : weight.shape) {
        if (side < 1) {
            throw Error("weights '{}' have a side of {}", TfjsFile::shown(weight.name), side);
        }
        bytes *= static_cast<std::size_t>(side);
        if (bytes > max_bytes) {  // before the product can run over
            throw Error("weights '{}' are too large", TfjsFile::shown(weight.name));
        }
    }
    return bytes;
}

template <typename Number>
std::vector<float> converted(std::span<const std::uint8_t> bytes, double scale, double min) {
    std::vector<Number> numbers(bytes.size() / sizeof(Number));
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    std::vector<float> floats;
    floats.reserve(numbers.size());
    for (const Number number : numbers)
        floats.push_back(static_cast<float>(number * scale + min));
    return floats;
}

std::vector<float> floats_of(const TfjsWeight& weight, std::span<const std::uint8_t> bytes) {
    const std::string& type = stored_type(weight);
    if (type == "float16") return floats_of_halves(bytes);
    if (type == "float32") {
        std::vector<float> floats(bytes.size() / sizeof(float));
        std::memcpy(floats.data(), bytes.data(), bytes.size());
        return floats;
    }
    const TfjsQuantisation as_it_is{type};
    const auto& [_, scale, min] = weight.quantised ? *weight.quantised : as_it_is;
    if (type == "int32") return converted<std::int32_t>(bytes, scale, min);
    if (type == "uint16") return converted<std::uint16_t>(bytes, scale, min);
    return converted<std::uint8_t>(bytes, scale, min);
}

}  // namespace

void check_weight_file_name(const std::string& name) {
    if (name.empty() || name == "." || name == ".." ||
        name.find_first_of(std::string_view("/\\\0", 3)) != std::string::npos) {
        throw Error("'{}' is not the name of a weight file", TfjsFile::shown(name));
    }
}

TfjsWeights::TfjsWeights(const std::vector<TfjsWeightGroup>& groups, const ReadWeightFile& read) {
    std::size_t files = 0;
    std::size_t total = 0;
    for (const TfjsWeightGroup& group : groups) {
        std::vector<std::uint8_t> content;
        for (const std::string& name : group.files) {
            check_weight_file_name(name);
            if (++files > max_files) throw Error("it has too many weight files");
            const std::vector<std::byte> part = read(name);
            total += part.size();
            if (total > max_bytes) throw Error("its weight files are too large");
            const auto* begin = reinterpret_cast<const std::uint8_t*>(part.data());
            content.insert(content.end(), begin, begin + part.size());
        }
        std::size_t end = 0;
        for (const TfjsWeight& weight : group.weights) {
            const std::size_t size = bytes_of(weight);
            if (content.size() - end < size) {
                throw Error("the weight files end before '{}'", TfjsFile::shown(weight.name));
            }
            if (!places_.emplace(weight.name, Place{&weight, contents_.size(), end, size}).second) {
                throw Error("weights '{}' are there twice", TfjsFile::shown(weight.name));
            }
            end += size;
        }
        if (end != content.size()) {
            throw Error("the weight files have {} bytes instead of {}", content.size(), end);
        }
        contents_.push_back(std::move(content));
    }
}

std::span<const std::uint8_t> TfjsWeights::bytes(const Place& place) const {
    return std::span(contents_[place.group]).subspan(place.begin, place.size);
}

TfjsConstant TfjsWeights::decode(const std::string& name) const {
    const auto found = places_.find(name);
    if (found == places_.end()) throw Error("its weights are in no file");
    const TfjsWeight& weight = *found->second.weight;
    TfjsConstant constant{weight.shape, floats_of(weight, bytes(found->second))};
    for (const float value : constant.data) {
        if (!std::isfinite(value)) throw Error("its weights contain something that is no number");
    }
    return constant;
}

}  // namespace scrim
