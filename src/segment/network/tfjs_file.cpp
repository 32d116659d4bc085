#include "segment/network/tfjs_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include <nlohmann/json.hpp>

#include "util/error.h"

namespace scrim {
namespace {

using nlohmann::json;

// The largest of Google's files has 0.2 MiB and a depth of 12.
constexpr std::size_t max_size = std::size_t{4} << 20;
constexpr int max_depth = 32;
constexpr std::size_t max_entries = 16384;

json parsed(std::span<const std::byte> bytes) {
    if (bytes.size() > max_size) throw Error("it is larger than {} MiB", max_size >> 20);
    const auto* begin = reinterpret_cast<const char*>(bytes.data());
    try {
        return json::parse(begin, begin + bytes.size(), [](int depth, auto, auto&) {
            if (depth > max_depth) throw Error("it is nested too deeply");
            return true;
        });
    } catch (const json::parse_error& e) {
        throw Error("it is no JSON, or damaged, at byte {}", e.byte);
    } catch (const json::exception&) {
        throw Error("it is damaged: there is a number in it that is too large");
    }
}

/// Null if there is no such member.
const json* find(const json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

const json& list(const json& object, const char* key) {
    const json* found = find(object, key);
    if (found == nullptr || !found->is_array()) throw Error("it has no list \"{}\"", key);
    if (found->size() > max_entries) throw Error("\"{}\" has too many entries", key);
    return *found;
}

std::string text_of(const json& object, const char* key) {
    const json* found = find(object, key);
    if (found == nullptr || !found->is_string()) throw Error("a text \"{}\" is missing", key);
    return found->get<std::string>();
}

/// Whole numbers are written as numbers or, as Protocol Buffers do with 64 bits, as text.
int whole_number(const json& value) {
    std::int64_t number = 0;
    bool valid = false;
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const char* end = text.data() + text.size();
        const auto result = std::from_chars(text.data(), end, number);
        valid = result.ec == std::errc() && result.ptr == end;
    } else if (value.is_number_integer()) {
        number = value.get<std::int64_t>();
        valid = true;
    }
    if (!valid || number < std::numeric_limits<int>::min() ||
        number > std::numeric_limits<int>::max()) {
        throw Error("there is something else where a whole number should be");
    }
    return static_cast<int>(number);
}

double finite_number(const json& value) {
    if (!value.is_number() || !std::isfinite(value.get<double>())) {
        throw Error("there is something else where a number should be");
    }
    return value.get<double>();
}

std::vector<int> whole_numbers(const json& values) {
    constexpr std::size_t most = 16;  // sides, or pairs of paddings
    if (!values.is_array() || values.size() > most) throw Error("a list of numbers is damaged");
    std::vector<int> numbers;
    for (const json& value : values)
        numbers.push_back(whole_number(value));
    return numbers;
}

/// Texts are written as bytes in base64.
std::string decoded(const json& value) {
    if (!value.is_string()) throw Error("there is something else where a text should be");
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr unsigned bits_of_digit = 6;
    constexpr unsigned bits_of_byte = 8;
    std::string text;
    unsigned bits = 0;
    unsigned count = 0;
    for (const char c : value.get_ref<const std::string&>()) {
        if (c == '=') break;
        const auto digit = digits.find(c);
        if (digit == std::string_view::npos) throw Error("a text is damaged");
        bits = bits << bits_of_digit | static_cast<unsigned>(digit);
        count += bits_of_digit;
        if (count < bits_of_byte) continue;
        count -= bits_of_byte;
        text += static_cast<char>(bits >> count & 0xffU);
    }
    return text;
}

/// "node:0" and "node" are its first result, "^node" is only to be computed earlier.
std::optional<std::string> node_of_input(std::string name) {
    if (name.starts_with('^')) return std::nullopt;
    const auto colon = name.rfind(':');
    if (colon == std::string::npos) return name;
    if (name.substr(colon) != ":0") {
        throw Error("only the first result of a node can be read, not '{}'", TfjsFile::shown(name));
    }
    name.resize(colon);
    return name;
}

TfjsWeight weight_of(const json& entry) {
    TfjsWeight weight;
    weight.name = text_of(entry, "name");
    try {
        weight.type = text_of(entry, "dtype");
        weight.shape = whole_numbers(list(entry, "shape"));
        if (const json* quantised = find(entry, "quantization")) {
            weight.quantised.emplace();
            weight.quantised->type = text_of(*quantised, "dtype");
            if (const json* scale = find(*quantised, "scale")) {
                weight.quantised->scale = finite_number(*scale);
            }
            if (const json* min = find(*quantised, "min")) {
                weight.quantised->min = finite_number(*min);
            }
        }
    } catch (const Error& e) {
        throw Error("weights '{}': {}", TfjsFile::shown(weight.name), e.what());
    }
    return weight;
}

TfjsWeightGroup group_of(const json& entry) {
    TfjsWeightGroup group;
    for (const json& path : list(entry, "paths")) {
        if (!path.is_string()) throw Error("the name of a weight file is no text");
        group.files.push_back(path.get<std::string>());
    }
    for (const json& weight : list(entry, "weights"))
        group.weights.push_back(weight_of(weight));
    return group;
}

}  // namespace

TfjsNode::TfjsNode(const json& node)
    : attributes_(find(node, "attr")),
      name_(text_of(node, "name")),
      operation_(text_of(node, "op")) {
    if (find(node, "input") == nullptr) return;
    for (const json& input : list(node, "input")) {
        if (!input.is_string()) {
            throw Error("node '{}': an input is no text", TfjsFile::shown(name_));
        }
        if (auto name = node_of_input(input.get<std::string>())) {
            inputs_.push_back(std::move(*name));
        }
    }
}

const json* TfjsNode::value(const char* attribute, const char* type) const {
    if (attributes_ == nullptr) return nullptr;
    const json* found = find(*attributes_, attribute);
    return found == nullptr ? nullptr : find(*found, type);
}

std::string TfjsNode::text(const char* attribute, std::string_view otherwise) const {
    const json* found = value(attribute, "s");
    return found == nullptr ? std::string(otherwise) : decoded(*found);
}

bool TfjsNode::flag(const char* attribute, bool otherwise) const {
    const json* found = value(attribute, "b");
    if (found == nullptr) return otherwise;
    if (!found->is_boolean()) throw Error("{} is neither true nor false", attribute);
    return found->get<bool>();
}

float TfjsNode::number(const char* attribute, float otherwise) const {
    const json* found = value(attribute, "f");
    return found == nullptr ? otherwise : static_cast<float>(finite_number(*found));
}

std::vector<int> TfjsNode::numbers(const char* attribute) const {
    const json* found = value(attribute, "list");
    const json* values = found == nullptr ? nullptr : find(*found, "i");
    return values == nullptr ? std::vector<int>() : whole_numbers(*values);
}

std::vector<std::string> TfjsNode::texts(const char* attribute) const {
    const json* found = value(attribute, "list");
    if (found == nullptr || find(*found, "s") == nullptr) return {};
    std::vector<std::string> texts;
    for (const json& text : list(*found, "s"))
        texts.push_back(decoded(text));
    return texts;
}

std::optional<std::vector<int>> TfjsNode::shape(const char* attribute) const {
    const json* found = value(attribute, "shape");
    if (found == nullptr || find(*found, "dim") == nullptr) return std::nullopt;
    std::vector<int> sides;
    for (const json& side : list(*found, "dim")) {
        const json* size = find(side, "size");
        if (size == nullptr) throw Error("a side of its shape has no size");
        sides.push_back(whole_number(*size));
    }
    return sides;
}

TfjsFile::TfjsFile(std::span<const std::byte> bytes)
    : json_(std::make_unique<const json>(parsed(bytes))) {
    const json* topology = find(*json_, "modelTopology");
    if (topology == nullptr || find(*topology, "node") == nullptr) {
        throw Error("it is not a TensorFlow.js graph model");
    }
    for (const json& node : list(*topology, "node"))
        nodes_.emplace_back(node);
    for (const json& group : list(*json_, "weightsManifest"))
        weights_.push_back(group_of(group));
}

TfjsFile::~TfjsFile() = default;

std::string TfjsFile::shown(std::string_view name) {
    constexpr std::size_t longest = 80;  // names come into messages
    std::string result(name.substr(0, longest));
    std::replace_if(
        result.begin(), result.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7f; }, '?');
    return result;
}

}  // namespace scrim
