#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "util/error.h"

namespace scrim {

/// A place in a configuration file, counted from 1; line 0 = no place.
struct Location {
    int line = 0;
    int column = 0;
    bool operator==(const Location&) const = default;
};

/// One thing wrong (or worth knowing) in a configuration.
struct Diagnostic {
    /// `missing`: a file that is not there or cannot be read, stood in for by a placeholder.
    enum class Severity { error, missing, warning };
    Severity severity = Severity::error;
    Location where;
    std::string key;     // where in the tree: "layers[1].foreground[0].intensity_x"; may be empty
    std::string reason;  // "must be between 0 and 255, is 300"; did-you-mean included
};

/// Collects everything wrong with one configuration text, so that all of it is said at once.
class Diagnostics {
  public:
    /// `file` is the name shown in messages, `text` the source, for the line with the caret.
    Diagnostics(std::string file, std::string text);

    void error(Location where, const std::string& key, const std::string& reason);
    void missing(Location where, const std::string& key, const std::string& reason);
    void warning(Location where, const std::string& key, const std::string& reason);

    std::size_t count(Diagnostic::Severity severity) const;
    bool has_errors() const { return count(Diagnostic::Severity::error) > 0; }
    const std::vector<Diagnostic>& all() const { return items_; }

    /// All of them in the order of the file, each as
    ///
    ///     config.yaml:3:14: layers[0].input[0]: unknown filter "blurr"; did you mean "blur"?
    ///       - input: [["blurr", 10]]
    ///                  ^
    /// (a warning says "warning: " before the reason, what is missing "missing: "). Columns count
    /// characters. Long lines are cut around the caret, nothing in the text can steer the terminal,
    /// and after the first hundred it only says how many more there are.
    std::string render() const;

    /// The first line of what render() gives of one of them.
    std::string headline(const Diagnostic& item) const;

  private:
    void add(Diagnostic::Severity severity, Location where, const std::string& key,
             const std::string& reason);

    std::string file_;
    std::string text_;
    std::vector<Diagnostic> items_;
};

/// A configuration that is wrong; what() is Diagnostics::render(). The command exits with 2.
class ConfigError : public Error {
  public:
    using Error::Error;
};

}  // namespace scrim
