#pragma once

#include <string_view>

#include "segment/network/tflite_builder.h"

namespace scrim {

/// Imports one operator of the file into the graph. Throws Error without a word about which it is.
using TfliteImport = void (*)(TfliteBuilder& builder, const tflite::Operator& op);

/// Null for what is not supported. `custom` is the name of a CUSTOM operator.
TfliteImport tflite_import(tflite::BuiltinOperator code, std::string_view custom);

/// Those that treat each number by itself, or two at the same place; null for all others.
TfliteImport tflite_elementwise_import(tflite::BuiltinOperator code);

template <typename Options>
const Options& options_or_throw(const Options* options) {
    if (options == nullptr) throw Error("its options are missing");
    return *options;
}

}  // namespace scrim
