#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/config.h"
#include "segment/segmenter.h"

namespace scrim {

/// A network that can be named in `model`.
struct ModelKind {
    std::string_view name;   // "mediapipe"
    std::string_view files;  // what has to be installed
    std::string_view licence;
    std::string_view help;  // one line
    std::unique_ptr<Segmenter> (*open)(const Config& config, int frame_width, int frame_height);
};

/// "mediapipe", "mediapipe-landscape", "mediapipe-square"; the first is the default.
std::span<const ModelKind> model_kinds();

/// Null if there is no such model. An empty name is the default.
const ModelKind* find_model(std::string_view name);

/// What is wrong with a name that is no model in the language, with the one that was probably
/// meant; nothing for the names of the language, those that this version cannot open among them.
std::optional<std::string> unknown_model(std::string_view name);

/// Loads the network that the configuration names, for frames of that size. Throws Error: the file
/// is missing (and where it was looked for, and how to get it), broken, or not supported.
std::unique_ptr<Segmenter> open_segmenter(const Config& config, int frame_width, int frame_height);

}  // namespace scrim
