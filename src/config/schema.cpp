#include "config/schema.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "config/scalar.h"
#include "util/words.h"

namespace scrim {
namespace {

template <typename T>
bool bounded_below(const Limits<T>& limits) {
    return limits.least > std::numeric_limits<T>::lowest();
}
template <typename T>
bool bounded_above(const Limits<T>& limits) {
    return limits.most < std::numeric_limits<T>::max();
}

/// "0..255", ">= 0", "<= 9" or nothing, for the documentation.
template <typename T>
std::string limits_text(const Limits<T>& limits) {
    if (bounded_below(limits) && bounded_above(limits)) {
        return fmt::format("{}..{}", limits.least, limits.most);
    }
    if (bounded_below(limits)) return fmt::format(">= {}", limits.least);
    if (bounded_above(limits)) return fmt::format("<= {}", limits.most);
    return "";
}

/// " between 0 and 255", " of at least 0" or nothing, for messages.
template <typename T>
std::string limits_words(const Limits<T>& limits) {
    if (bounded_below(limits) && bounded_above(limits)) {
        return fmt::format(" between {} and {}", limits.least, limits.most);
    }
    if (bounded_below(limits)) return fmt::format(" of at least {}", limits.least);
    if (bounded_above(limits)) return fmt::format(" of at most {}", limits.most);
    return "";
}

/// The number within its limits, or nothing and a report. A whole float (10.0) is an integer too:
/// the predecessor's filters took both.
template <typename T>
std::optional<T> checked_number(const Value& value, const Limits<T>& limits, const std::string& key,
                                Diagnostics& diagnostics) {
    const auto number = number_of(value);
    const bool fraction =
        std::is_integral_v<T> && number.has_value() && std::floor(*number) != *number;
    if (!number || fraction || *number < static_cast<double>(limits.least) ||
        *number > static_cast<double>(limits.most)) {
        diagnostics.error(value.where, key,
                          fmt::format("must be a {}number{}, is {}{}", fraction ? "whole " : "",
                                      limits_words(limits), shown(value),
                                      number_hint(value, static_cast<double>(limits.most))));
        return std::nullopt;
    }
    return static_cast<T>(*number);
}

template <typename Target, typename T>
Schema::Reader number_reader(Target& target, Limits<T> limits) {
    return [&target, limits](const Value& value, const std::string& key, Diagnostics& diagnostics) {
        if (const auto number = checked_number(value, limits, key, diagnostics)) target = *number;
    };
}

std::string default_of(int number) {
    return fmt::format("{}", number);
}
std::string default_of(double number) {
    return fmt::format("{}", number);
}
template <typename T>
std::string default_of(const std::optional<T>& number) {
    return number ? default_of(*number) : "";
}

template <typename Target, typename T>
Parameter number_parameter(std::string_view name, const char* type, const Target& target,
                           const Limits<T>& limits, std::string_view help) {
    return {.name = std::string(name),
            .aliases = {},
            .type = type,
            .limits = limits_text(limits),
            .default_text = default_of(target),
            .help = std::string(help)};
}

Parameter plain_parameter(std::string_view name, std::string_view type,
                          std::string_view default_text, std::string_view help) {
    return {.name = std::string(name),
            .aliases = {},
            .type = std::string(type),
            .limits = "",
            .default_text = std::string(default_text),
            .help = std::string(help)};
}

bool must_be_text(const Value& value, const char* what, const std::string& key,
                  Diagnostics& diagnostics) {
    if (value.kind == Value::Kind::scalar) return true;
    diagnostics.error(value.where, key, fmt::format("must be {}, is {}", what, shown(value)));
    return false;
}

std::string child(const std::string& key, const std::string& name) {
    return key.empty() ? name : key + "." + name;
}

constexpr const char* kByPosition = "by position";

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

}  // namespace

std::filesystem::path resolve_path(const std::filesystem::path& file,
                                   const std::filesystem::path& folder) {
    const std::string text = file.string();
    const char* const home = std::getenv("HOME");
    if (text.starts_with("~/") && home != nullptr) {
        return std::filesystem::path(home) / text.substr(2);
    }
    return folder / file;  // an absolute file stays as it is
}

Schema& Schema::add(Parameter parameter, Reader read) {
    parameters_.push_back(std::move(parameter));
    bindings_.push_back({.read = std::move(read)});
    return *this;
}

Schema& Schema::integer(std::string_view name, int& target, Limits<int> limits,
                        std::string_view help) {
    return add(number_parameter(name, "integer", target, limits, help),
               number_reader(target, limits));
}

Schema& Schema::integer(std::string_view name, std::optional<int>& target, Limits<int> limits,
                        std::string_view help) {
    return add(number_parameter(name, "integer", target, limits, help),
               number_reader(target, limits));
}

Schema& Schema::number(std::string_view name, double& target, Limits<double> limits,
                       std::string_view help) {
    return add(number_parameter(name, "number", target, limits, help),
               number_reader(target, limits));
}

Schema& Schema::number(std::string_view name, std::optional<double>& target, Limits<double> limits,
                       std::string_view help) {
    return add(number_parameter(name, "number", target, limits, help),
               number_reader(target, limits));
}

Schema& Schema::boolean(std::string_view name, bool& target, std::string_view help) {
    return add(plain_parameter(name, "true/false", target ? "true" : "false", help),
               [&target](const Value& value, const std::string& key, Diagnostics& diagnostics) {
                   if (const auto yes = boolean_of(value)) {
                       target = *yes;
                       return;
                   }
                   diagnostics.error(value.where, key, "must be true or false, is " + shown(value));
               });
}

Schema& Schema::text(std::string_view name, std::string& target, std::string_view help) {
    return add(plain_parameter(name, "text", target, help),
               [&target](const Value& value, const std::string& key, Diagnostics& diagnostics) {
                   if (must_be_text(value, "text", key, diagnostics)) target = value.scalar;
               });
}

Schema& Schema::path(std::string_view name, std::filesystem::path& target, std::string_view help) {
    add(plain_parameter(name, "file", target.string(), help),
        [&target](const Value& value, const std::string& key, Diagnostics& diagnostics) {
            if (!must_be_text(value, "the name of a file", key, diagnostics)) return;
            if (value.scalar.empty()) {
                diagnostics.error(value.where, key, "must be the name of a file, is \"\"");
                return;
            }
            target = value.scalar;
        });
    bindings_.back().file = &target;
    return *this;
}

Schema& Schema::choice_of_words(std::string_view name, const std::vector<std::string>& words,
                                const std::string& now, std::string_view help,
                                std::function<void(std::size_t)> set) {
    return add(plain_parameter(name, fmt::format("{}", fmt::join(words, " | ")), now, help),
               [words, set = std::move(set)](const Value& value, const std::string& key,
                                             Diagnostics& diagnostics) {
                   if (value.kind == Value::Kind::scalar) {
                       for (std::size_t i = 0; i < words.size(); ++i) {
                           if (same_word(words[i], value.scalar)) return set(i);
                       }
                   }
                   std::string reason =
                       fmt::format("must be {}, is {}", join_or(words), shown(value));
                   if (const auto meant = closest_word(value.scalar, words)) {
                       reason += fmt::format("; did you mean \"{}\"?", *meant);
                   }
                   diagnostics.error(value.where, key, reason);
               });
}

Schema& Schema::custom(std::string_view name, std::string_view type, std::string_view default_text,
                       std::string_view help, Reader read) {
    add(plain_parameter(name, type, default_text, help), std::move(read));
    bindings_.back().reads_nothing = true;
    return *this;
}

Schema& Schema::alias(std::string_view other_name) {
    parameters_.back().aliases.emplace_back(other_name);
    return *this;
}

Schema& Schema::default_text(std::string_view text) {
    parameters_.back().default_text = text;
    return *this;
}

Schema& Schema::required() {
    parameters_.back().required = true;
    parameters_.back().default_text.clear();
    return *this;
}

std::optional<std::size_t> Schema::find(std::string_view name) const {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const Parameter& parameter = parameters_[i];
        if (parameter.name == name) return i;
        for (const auto& other : parameter.aliases) {
            if (other == name) return i;
        }
    }
    return std::nullopt;
}

std::vector<std::string> Schema::names() const {
    std::vector<std::string> names;
    names.reserve(parameters_.size());
    for (const auto& parameter : parameters_)
        names.push_back(parameter.name);
    return names;
}

std::string Schema::unknown(std::string_view what, const std::string& name) const {
    constexpr std::size_t most_listed = 40;
    const std::vector<std::string> known = names();
    std::vector<std::string> accepted = known;
    for (const auto& parameter : parameters_) {
        accepted.insert(accepted.end(), parameter.aliases.begin(), parameter.aliases.end());
    }
    if (const auto meant = closest_word(name, accepted)) {
        return fmt::format("unknown {}; did you mean \"{}\"?", what, *meant);
    }
    if (known.empty()) return fmt::format("unknown {}; there are none", what);
    if (known.size() > most_listed) return fmt::format("unknown {}", what);
    return fmt::format("unknown {}; it can be {}", what, join_or(known));
}

bool Schema::read_one(std::size_t index, const Value& value, const std::string& key,
                      Diagnostics& diagnostics, const std::filesystem::path& folder) const {
    const Binding& binding = bindings_[index];
    if (value.kind == Value::Kind::null && !binding.reads_nothing) return false;
    binding.read(value, child(key, parameters_[index].name), diagnostics);
    if (binding.file != nullptr && !binding.file->empty()) {
        *binding.file = resolve_path(*binding.file, folder);
    }
    return true;
}

void Schema::read_entries(const Value& map, std::string_view what, const std::string& key,
                          std::vector<std::string>& given, Diagnostics& diagnostics,
                          const std::filesystem::path& folder) const {
    for (const auto& entry : map.entries) {
        const auto index = find(entry.key);
        if (!index) {
            diagnostics.error(entry.where, child(key, entry.key), unknown(what, entry.key));
            continue;
        }
        std::string& before = given[*index];
        if (!before.empty()) {
            diagnostics.error(
                entry.where, child(key, entry.key),
                before == kByPosition
                    ? "is given twice: by position and by name"
                    : fmt::format("is given twice: {} and as \"{}\"", before, entry.key));
            continue;
        }
        if (read_one(*index, entry.value, key, diagnostics, folder)) {
            before = fmt::format("as \"{}\"", entry.key);
        }
    }
}

void Schema::report_missing(const std::vector<std::string>& given, Location where,
                            const std::string& key, Diagnostics& diagnostics) const {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const Parameter& parameter = parameters_[i];
        if (!parameter.required || !given[i].empty()) continue;
        diagnostics.error(where, key,
                          fmt::format("{} is missing: {}", parameter.name, parameter.help));
    }
}

void Schema::read_map(const Value& map, const std::string& key, Diagnostics& diagnostics,
                      const std::filesystem::path& folder) {
    if (map.kind != Value::Kind::map && map.kind != Value::Kind::null) {
        std::string hint;
        if (map.kind == Value::Kind::scalar && map.scalar.find(':') != std::string::npos) {
            hint = "; a space is missing after the \":\"";
        } else if (map.kind == Value::Kind::scalar && map.scalar.find('=') != std::string::npos) {
            hint = "; write \": \" instead of \"=\"";
        }
        diagnostics.error(map.where, key, "must be \"key: value\" lines, is " + shown(map) + hint);
        return;
    }
    std::vector<std::string> given(parameters_.size());
    read_entries(map, "key", key, given, diagnostics, folder);
    report_missing(given, map.where, key, diagnostics);
}

void Schema::read_arguments(const std::vector<Value>& arguments, Location where,
                            const std::string& key, Diagnostics& diagnostics,
                            const std::filesystem::path& folder) {
    const bool one_list = arguments.size() == 1 && arguments[0].kind == Value::Kind::list;
    const std::vector<Value>& items = one_list ? arguments[0].items : arguments;
    const bool named = !items.empty() && items.back().kind == Value::Kind::map;
    const std::size_t positional = items.size() - (named ? 1 : 0);

    std::vector<std::string> given(parameters_.size());
    for (std::size_t i = 0; i < positional && i < parameters_.size(); ++i) {
        if (items[i].kind == Value::Kind::map) {
            diagnostics.error(items[i].where, child(key, parameters_[i].name),
                              "arguments by name must come last");
            given[i] = kByPosition;
        } else if (read_one(i, items[i], key, diagnostics, folder)) {
            given[i] = kByPosition;
        }
    }
    if (positional > parameters_.size()) {
        diagnostics.error(
            items[parameters_.size()].where, key,
            parameters_.empty()
                ? fmt::format("takes no arguments, {} given",
                              positional == 1 ? "1 is" : fmt::format("{} are", positional))
                : fmt::format("takes at most {} argument{} ({}), {} are given", parameters_.size(),
                              parameters_.size() == 1 ? "" : "s", fmt::join(names(), ", "),
                              positional));
    }
    if (named) read_entries(items.back(), "argument", key, given, diagnostics, folder);
    report_missing(given, where, key, diagnostics);
}

}  // namespace scrim
