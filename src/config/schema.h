#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/diagnostics.h"
#include "config/document.h"

namespace scrim {

/// The file that is meant by a name in a configuration: relative ones are relative to its folder,
/// `~/` is the user's home.
std::filesystem::path resolve_path(const std::filesystem::path& file,
                                   const std::filesystem::path& folder);

/// Inclusive bounds of a number.
template <typename T>
struct Limits {
    T least;
    T most;
};

/// What is said of a parameter by `scrim filters NAME` and the documentation.
struct Parameter {
    std::string name;
    std::vector<std::string> aliases;  // other spellings that are accepted
    std::string type;    // "integer", "number", "true/false", "text", "file", "LINEAR | NEAREST"
    std::string limits;  // "0..255" or empty
    std::string default_text;  // "5", "= intensity_x", or empty where required
    std::string help;          // one line
    bool required = false;
};

/// The parameters of a filter or of a configuration, each named once: parsing, checking, defaults,
/// `--help` and documentation all follow from the same line.
///
///     void Blur::bind(Schema& schema) {
///         schema.integer("intensity_x", x_, {-4096, 4096}, "width of the box in pixels");
///         schema.integer("intensity_y", y_, {-4096, 4096}, "height of the box").default_text("=
///         intensity_x");
///     }
///
/// The variable's value at the time of binding is the default; it must outlive the schema. A
/// parameter that is given as nothing (`width:`, `null`, `~`) keeps its default. Not thread-safe.
class Schema {
  public:
    Schema& integer(std::string_view name, int& target, Limits<int> limits, std::string_view help);
    Schema& integer(std::string_view name, std::optional<int>& target, Limits<int> limits,
                    std::string_view help);
    Schema& number(std::string_view name, double& target, Limits<double> limits,
                   std::string_view help);
    Schema& number(std::string_view name, std::optional<double>& target, Limits<double> limits,
                   std::string_view help);
    Schema& boolean(std::string_view name, bool& target, std::string_view help);
    Schema& text(std::string_view name, std::string& target, std::string_view help);
    /// A file or folder name; see resolve_path().
    Schema& path(std::string_view name, std::filesystem::path& target, std::string_view help);
    /// One of a few words, case ignored.
    template <typename Enum>
    Schema& choice(std::string_view name, Enum& target,
                   std::vector<std::pair<std::string, Enum>> words, std::string_view help) {
        std::vector<std::string> names;
        std::string now;
        for (const auto& [word, value] : words) {
            names.push_back(word);
            if (value == target) now = word;
        }
        return choice_of_words(name, names, now, help,
                               [&target, words](std::size_t i) { target = words[i].second; });
    }
    /// Anything else (matrices, layer lists): `read` gets the value, its key path and the
    /// diagnostics to complain to; also a value of nothing. Numbers are read by config/scalar.h.
    using Reader = std::function<void(const Value&, const std::string& key, Diagnostics&)>;
    Schema& custom(std::string_view name, std::string_view type, std::string_view default_text,
                   std::string_view help, Reader read);

    // These say more about the parameter bound last.
    Schema& alias(std::string_view other_name);
    Schema& default_text(std::string_view text);
    Schema& required();

    const std::vector<Parameter>& parameters() const { return parameters_; }

    /// Reads `key: value` pairs. Unknown keys (did you mean), wrong types, values out of bounds and
    /// missing required parameters are reported; the others are still read.
    void read_map(const Value& map, const std::string& key, Diagnostics& diagnostics,
                  const std::filesystem::path& folder);

    /// Reads a filter's arguments in all the forms of the language, from the items after the name:
    /// `10, 10` by position; `[10, 10]` one list; `{intensity_x: 10}` one map; positional values
    /// may be followed by one map with the rest. `where` is the filter's own place, for what is
    /// missing.
    void read_arguments(const std::vector<Value>& arguments, Location where, const std::string& key,
                        Diagnostics& diagnostics, const std::filesystem::path& folder);

  private:
    struct Binding {
        Reader read;
        std::filesystem::path* file = nullptr;  // resolved after it is read
        bool reads_nothing = false;
    };

    Schema& add(Parameter parameter, Reader read);
    Schema& choice_of_words(std::string_view name, const std::vector<std::string>& words,
                            const std::string& now, std::string_view help,
                            std::function<void(std::size_t)> set);
    std::optional<std::size_t> find(std::string_view name) const;
    std::vector<std::string> names() const;
    std::string unknown(std::string_view what, const std::string& name) const;
    /// Reads the value of one parameter; false if it is nothing.
    bool read_one(std::size_t index, const Value& value, const std::string& key,
                  Diagnostics& diagnostics, const std::filesystem::path& folder) const;
    /// Reads the entries of a map; `given` says for each parameter what it was given by before.
    void read_entries(const Value& map, std::string_view what, const std::string& key,
                      std::vector<std::string>& given, Diagnostics& diagnostics,
                      const std::filesystem::path& folder) const;
    void report_missing(const std::vector<std::string>& given, Location where,
                        const std::string& key, Diagnostics& diagnostics) const;

    std::vector<Parameter> parameters_;
    std::vector<Binding> bindings_;  // one for each parameter
};

}  // namespace scrim
