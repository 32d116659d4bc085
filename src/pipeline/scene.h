#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compose/compositor.h"
#include "config/config.h"
#include "config/diagnostics.h"

namespace scrim {

/// A configuration with its filters, checked as far as that is possible without pictures.
struct Scene {
    Config config;
    Compositor compositor;
    Diagnostics diagnostics;  // only warnings, once loading has succeeded

    /// What is shown and used besides the configuration itself: whoever wants to know of changes
    /// watches these files. Some need not exist.
    std::vector<std::filesystem::path> files() const;

    /// Loads what the filters need for a stream; throws ConfigError (a picture is missing, ...).
    void prepare(const StreamContext& stream);
};

/// Reads a configuration file, or Scrim's own default for an empty path. Throws Error where the
/// file cannot be read, ConfigError with everything that is wrong in it.
Scene load_scene(const std::filesystem::path& path);

/// The same from text; `name` stands in messages, relative paths are relative to `folder`.
Scene scene_of_text(const std::string& text, const std::string& name,
                    const std::filesystem::path& folder);

}  // namespace scrim
