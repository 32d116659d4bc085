#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/diagnostics.h"

namespace scrim {

/// A YAML value with its place in the text: what the rest of Scrim sees of YAML. Immutable once
/// parsed; a plain value.
struct Value {
    enum class Kind { null, scalar, list, map };
    struct Entry;

    Kind kind = Kind::null;
    Location where;
    std::string scalar;          // of a scalar, as written
    bool quoted = false;         // "10" is text, 10 is a number
    std::vector<Value> items;    // of a list
    std::vector<Entry> entries;  // of a map, in the order of the file

    const char* kind_name() const;  // "nothing", "text", "a list", "a map": for messages
};
struct Value::Entry {
    std::string key;
    Location where;
    Value value;
};

/// Reads one YAML document. Syntax errors, duplicate keys, keys that are not plain text, and
/// documents beyond the limits below are reported into `diagnostics` with their place; what could
/// be read is returned. Empty text gives a null value. Never throws for bad text.
///
/// Limits, since configurations come from strangers: 1 MiB of text, 64 levels, 100,000 values after
/// aliases are expanded.
Value parse_yaml(const std::string& text, Diagnostics& diagnostics);

}  // namespace scrim
