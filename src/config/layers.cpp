#include "config/layers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "config/scalar.h"
#include "util/words.h"

namespace scrim {
namespace {

constexpr std::array<std::pair<const char*, LayerSource>, 6> kSources{
    {{"input", LayerSource::input},
     {"foreground", LayerSource::foreground},
     {"parts", LayerSource::parts},
     {"not_parts", LayerSource::not_parts},
     {"previous", LayerSource::previous},
     {"empty", LayerSource::empty}}};

std::optional<LayerSource> source_named(std::string_view name) {
    for (const auto& [word, source] : kSources) {
        if (name == word) return source;
    }
    return std::nullopt;
}

std::vector<std::string> source_names() {
    std::vector<std::string> names;
    names.reserve(kSources.size());
    for (const auto& [word, source] : kSources)
        names.emplace_back(word);
    return names;
}

/// A name as it would be written in brackets, cut if it is absurd.
std::string in_quotes(const std::string& name) {
    return fmt::format("\"{:.40}\"", name);
}

bool is_name(const Value& value) {
    return value.kind == Value::Kind::scalar && !value.scalar.empty() && !number_of(value);
}

/// `blur: 10` as it should have been written: ["blur", 10].
std::string as_call(const Value::Entry& entry) {
    const Value& value = entry.value;
    const bool plain = value.kind == Value::Kind::scalar && !value.quoted && number_of(value);
    return fmt::format("[{}, {}]", in_quotes(entry.key), plain ? shown(value) : "...");
}

/// What stands in a list of filters and is neither a name nor a list.
std::string filter_complaint(const Value& item, const Value* before) {
    const bool after_name = before != nullptr && is_name(*before);
    if (item.kind == Value::Kind::map && after_name) {
        return fmt::format(
            "these arguments belong into a list of their own with the filter: "
            "[[{}, {{...}}]]",
            in_quotes(before->scalar));
    }
    if (item.kind == Value::Kind::map && item.entries.size() == 1) {
        return "a filter with arguments is written as a list: " + as_call(item.entries[0]);
    }
    if (after_name) {
        return fmt::format(
            "must be a filter, is {}; a filter with arguments is a list of its own: "
            "[[{}, ...]]",
            shown(item), in_quotes(before->scalar));
    }
    return fmt::format("must be a filter, is {}; write its name, or a list: [\"blur\", 10, 10]",
                       shown(item));
}

std::optional<FilterCall> read_filter(const Value& item, const Value* before,
                                      const std::string& key, Diagnostics& diagnostics) {
    if (is_name(item)) {
        return FilterCall{.name = item.scalar, .arguments = {}, .where = item.where, .key = key};
    }
    if (item.kind != Value::Kind::list) {
        diagnostics.error(item.where, key, filter_complaint(item, before));
        return std::nullopt;
    }
    if (item.items.empty()) {
        diagnostics.error(item.where, key,
                          "is an empty list; write the filter's name in it: [\"blur\", 10, 10]");
        return std::nullopt;
    }
    const Value& name = item.items[0];
    if (!is_name(name)) {
        diagnostics.error(
            name.where, key,
            fmt::format("must begin with the filter's name, is {}{}", shown(name),
                        name.kind == Value::Kind::list ? "; there is one bracket too many" : ""));
        return std::nullopt;
    }
    return FilterCall{.name = name.scalar,
                      .arguments = {item.items.begin() + 1, item.items.end()},
                      .where = name.where,
                      .key = key};
}

/// `first` items of the list are none.
std::vector<FilterCall> read_filters(const Value& value, std::size_t first, const std::string& key,
                                     Diagnostics& diagnostics) {
    std::vector<FilterCall> filters;
    if (value.kind == Value::Kind::null) return filters;
    if (value.kind != Value::Kind::list) {
        std::string hint = "[\"blur\", [\"flip\", true]]";
        if (value.kind == Value::Kind::scalar && is_name(value)) {
            hint = fmt::format("[{}]", in_quotes(value.scalar));
        } else if (value.kind == Value::Kind::map && !value.entries.empty()) {
            hint = "[" + as_call(value.entries[0]) + "]";
        }
        diagnostics.error(
            value.where, key,
            fmt::format("must be a list of filters, is {}; write {}", shown(value), hint));
        return filters;
    }
    const Value* before = nullptr;
    for (std::size_t i = first; i < value.items.size(); ++i) {
        const Value& item = value.items[i];
        const bool argument = !is_name(item) && item.kind != Value::Kind::list;
        // `["blur", 10, 10]`: once is enough.
        if (argument && i > first && before != &value.items[i - 1]) continue;
        auto filter = read_filter(item, before, fmt::format("{}[{}]", key, i), diagnostics);
        if (filter) filters.push_back(std::move(*filter));
        if (!argument) before = &item;
    }
    return filters;
}

/// Reads the names of parts that a `parts` or `not_parts` layer begins with; says how many there
/// are. A word that is none is a filter, unless it nearly is one.
std::size_t read_parts(const Value& value, PartSet& parts, const std::string& key,
                       Diagnostics& diagnostics) {
    static const std::vector<std::string> names = part_names();
    std::size_t count = 0;
    bool misspelt = false;
    for (; count < value.items.size() && is_name(value.items[count]); ++count) {
        const Value& item = value.items[count];
        if (const auto set = parts_named(item.scalar)) {
            parts |= *set;
        } else if (const auto meant = closest_word(item.scalar, names)) {
            diagnostics.error(item.where, fmt::format("{}[{}]", key, count),
                              fmt::format("there is no part {}; did you mean \"{}\"?",
                                          in_quotes(item.scalar), *meant));
            misspelt = true;
        } else {
            break;
        }
    }
    if (parts.none() && !misspelt && value.kind != Value::Kind::scalar) {
        diagnostics.error(
            value.where, key,
            "names no part of the body; write them first, then the filters: [\"face\", "
            "\"left_arm\", [\"blur\", 10]]; there are also torso, hands, legs and feet");
    }
    return count;
}

/// A layer that is not a map of one key.
std::string layer_complaint(const Value& item) {
    if (item.kind == Value::Kind::scalar) {
        const std::string name = item.scalar.substr(0, item.scalar.find(':'));
        if (!source_named(name)) {
            return fmt::format("must be a layer, is {}; write \"- input: []\"", shown(item));
        }
        if (name.size() < item.scalar.size()) {
            return fmt::format("a space is missing after the colon; write \"- {}: []\"", name);
        }
        return fmt::format("a colon and the filters are missing; write \"- {}: []\"", name);
    }
    if (item.kind == Value::Kind::map && item.entries.size() > 1) {
        return "each layer needs its own \"- \"";
    }
    return fmt::format("must be a layer, is {}; write \"- input: []\"",
                       item.kind == Value::Kind::map ? "an empty map" : shown(item));
}

/// What stands in the place of the list of layers.
std::string list_complaint(const Value& value) {
    const std::string first = value.entries.empty() ? "" : value.entries[0].key;
    if (first.starts_with('-')) {
        return "a space is missing after \"-\"; write \"- input: []\"";
    }
    if (source_named(first)) {
        return fmt::format("each layer needs a \"- \" before it: \"- {}: []\"", first);
    }
    return fmt::format("must be a list of layers, is {}; write each as a line \"  - input: []\"",
                       shown(value));
}

LayerSpec read_layer(const Value::Entry& entry, LayerSource source, const std::string& key,
                     Diagnostics& diagnostics) {
    LayerSpec layer{.source = source, .parts = {}, .filters = {}, .where = entry.where, .key = key};
    std::size_t parts = 0;
    if (source == LayerSource::parts || source == LayerSource::not_parts) {
        parts = read_parts(entry.value, layer.parts, key, diagnostics);
    }
    layer.filters = read_filters(entry.value, parts, key, diagnostics);
    return layer;
}

/// A filter below its layer, without brackets, is a second key without a value to YAML.
bool is_stray_filter(const Value& layer) {
    return layer.entries.size() == 2 && source_named(layer.entries[0].key) &&
           !source_named(layer.entries[1].key) &&
           layer.entries[0].value.kind == Value::Kind::null &&
           layer.entries[1].value.kind == Value::Kind::null;
}

std::string source_complaint(const std::string& name) {
    const auto names = source_names();
    if (const auto meant = closest_word(name, names)) {
        return fmt::format("unknown layer source; did you mean \"{}\"?", *meant);
    }
    return fmt::format("unknown layer source; it can be {}", join_or(names));
}

}  // namespace

std::vector<LayerSpec> read_layers(const Value& value, const std::string& key,
                                   Diagnostics& diagnostics) {
    std::vector<LayerSpec> layers;
    if (value.kind != Value::Kind::list) {
        diagnostics.error(value.where, key, list_complaint(value));
        return layers;
    }
    if (value.items.empty()) {
        diagnostics.error(
            value.where, key,
            "is an empty list; write \"- input: []\" for the camera picture as it is, "
            "or leave \"layers\" out for a blurred background");
        return layers;
    }
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        const Value& item = value.items[i];
        const std::string item_key = fmt::format("{}[{}]", key, i);
        if (item.kind == Value::Kind::map && is_stray_filter(item)) {
            diagnostics.error(item.entries[1].where, item_key,
                              fmt::format("filters stand in brackets: \"- {}: [{}]\"",
                                          item.entries[0].key, in_quotes(item.entries[1].key)));
            continue;
        }
        if (item.kind != Value::Kind::map || item.entries.size() != 1) {
            const bool several = item.kind == Value::Kind::map && item.entries.size() > 1;
            diagnostics.error(several ? item.entries[1].where : item.where, item_key,
                              layer_complaint(item));
        }
        if (item.kind != Value::Kind::map) continue;
        // Also of a map with too many keys, so that everything is said at once.
        for (const auto& entry : item.entries) {
            const std::string entry_key = item_key + "." + entry.key;
            const auto source = source_named(entry.key);
            if (!source) diagnostics.error(entry.where, entry_key, source_complaint(entry.key));
            layers.push_back(
                read_layer(entry, source.value_or(LayerSource::empty), entry_key, diagnostics));
        }
    }
    return layers;
}

}  // namespace scrim
