#include "segment/network/tfjs_constants.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "util/error.h"

namespace scrim {
namespace {

float (*unary(std::string_view operation))(float) {
    if (operation == "Rsqrt") return [](float x) { return 1 / std::sqrt(x); };
    if (operation == "Sqrt") return [](float x) { return std::sqrt(x); };
    if (operation == "Neg") return [](float x) { return -x; };
    return nullptr;
}

float (*binary(std::string_view operation))(float, float) {
    if (operation == "Add" || operation == "AddV2") return [](float a, float b) { return a + b; };
    if (operation == "Sub") return [](float a, float b) { return a - b; };
    if (operation == "Mul") return [](float a, float b) { return a * b; };
    if (operation == "RealDiv") return [](float a, float b) { return a / b; };
    if (operation == "Maximum") return [](float a, float b) { return std::max(a, b); };
    if (operation == "Minimum") return [](float a, float b) { return std::min(a, b); };
    return nullptr;
}

/// Whether the small shape, but for ones in front, is how the large one ends.
bool repeats(const std::vector<int>& small, const std::vector<int>& large) {
    const auto first = std::find_if(small.begin(), small.end(), [](int side) { return side != 1; });
    const auto length = small.end() - first;
    return length <= std::ssize(large) && std::equal(first, small.end(), large.end() - length);
}

}  // namespace

std::optional<TfjsConstant> folded(std::string_view operation,
                                   const std::vector<const TfjsConstant*>& inputs) {
    if (auto* const function = unary(operation); function != nullptr && inputs.size() == 1) {
        TfjsConstant result = *inputs[0];
        std::transform(result.data.begin(), result.data.end(), result.data.begin(), function);
        return result;
    }
    auto* const function = binary(operation);
    if (function == nullptr || inputs.size() != 2) return std::nullopt;
    const TfjsConstant& a = *inputs[0];
    const TfjsConstant& b = *inputs[1];
    const bool first_repeats = a.data.size() < b.data.size();
    const TfjsConstant& large = first_repeats ? b : a;
    if (!repeats((first_repeats ? a : b).shape, large.shape)) {
        throw Error("its constants don't fit together");
    }
    TfjsConstant result{large.shape, std::vector<float>(large.data.size())};
    for (std::size_t i = 0; i < result.data.size(); ++i) {
        result.data[i] = function(a.data[i % a.data.size()], b.data[i % b.data.size()]);
    }
    return result;
}

std::vector<float> per_channel(const TfjsConstant& constant, int channels) {
    if (constant.data.size() == 1) {
        return std::vector<float>(static_cast<std::size_t>(channels), constant.data[0]);
    }
    if (constant.data.size() != static_cast<std::size_t>(channels) ||
        constant.shape.back() != channels) {
        throw Error(
            "a constant of {} numbers is neither one for all nor one for each of {} "
            "channels",
            constant.data.size(), channels);
    }
    return constant.data;
}

float single(const TfjsConstant& constant) {
    if (constant.data.size() != 1) {
        throw Error("a constant of {} numbers instead of one", constant.data.size());
    }
    return constant.data[0];
}

std::vector<int> whole_numbers(const TfjsConstant& constant, std::size_t count) {
    if (constant.data.size() != count) {
        throw Error("a constant of {} numbers instead of {}", constant.data.size(), count);
    }
    constexpr float largest = 1 << 20;  // more than a side can have
    std::vector<int> numbers;
    for (const float value : constant.data) {
        if (!(std::abs(value) <= largest) || value != std::trunc(value)) {
            throw Error("{} is no size", value);
        }
        numbers.push_back(static_cast<int>(value));
    }
    return numbers;
}

}  // namespace scrim
