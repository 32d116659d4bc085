#pragma once

#include <string_view>

#include "segment/network/tfjs_builder.h"

namespace scrim {

/// Imports one node of the file into the graph. Throws Error without a word about which it is.
using TfjsImport = void (*)(TfjsBuilder& builder, const TfjsNode& node);

/// Of the operators that treat each number by itself, or two at the same place, and of those that
/// put channels together; null for all others. Private to the importer.
TfjsImport tfjs_elementwise_import(std::string_view operation);

}  // namespace scrim
