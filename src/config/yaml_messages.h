#pragma once

#include <string>

namespace scrim {

/// What yaml-cpp's message for a syntax error means, for people who write a configuration and not
/// a YAML parser. `at_end`: the error is that the text has ended.
std::string yaml_message(const std::string& message, bool at_end);

}  // namespace scrim
