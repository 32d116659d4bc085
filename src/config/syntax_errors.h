#pragma once

#include <optional>
#include <string_view>

#include <yaml-cpp/exceptions.h>

#include "config/diagnostics.h"
#include "config/places.h"

namespace scrim {

/// Says what yaml-cpp's syntax error means, for people who write a configuration and not a YAML
/// parser, at the place where it has to be mended: that is often not where the parser has noticed.
/// `innermost` is the list or map in which it was.
void report_syntax(const YAML::Exception& error, std::string_view text, const Places& places,
                   std::optional<Location> innermost, Diagnostics& diagnostics);

}  // namespace scrim
