#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "segment/network/tfjs_weights.h"

namespace scrim {

/// Computations on constants, which are done once, when the network is loaded. Private to the
/// importer. Everything throws Error.

/// What an elementwise operator gives for constants, one of which may be repeated to fit the
/// other's last sides; nothing if it is no such operator.
std::optional<TfjsConstant> folded(std::string_view operation,
                                   const std::vector<const TfjsConstant*>& inputs);

/// One number for each channel: the constant's own, or its only one again and again.
std::vector<float> per_channel(const TfjsConstant& constant, int channels);

/// The only number of a constant.
float single(const TfjsConstant& constant);

/// Sizes, axes, paddings: `count` whole numbers.
std::vector<int> whole_numbers(const TfjsConstant& constant, std::size_t count);

}  // namespace scrim
