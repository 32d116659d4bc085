#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "frame/person.h"
#include "segment/segmenter.h"

namespace scrim {

/// A network that can be named in `model`.
struct ModelKind {
    std::string_view name;  // "mediapipe"
    std::string_view licence;
    std::string_view help;  // one line
    Abilities gives;
    /// What has to be installed for that configuration, as find_model_file() finds it.
    std::vector<std::string> (*files)(const Config& config);
    std::unique_ptr<Segmenter> (*open)(const Config& config, int frame_width, int frame_height,
                                       const PersonNeeds& needs);
};

/// "mediapipe", "mediapipe-landscape", "mediapipe-square", "mobilenet", "resnet50"; the first is
/// the default.
std::span<const ModelKind> model_kinds();

/// Null if there is no such model. An empty name is the default, "resnet" the same as "resnet50";
/// all names of network files give the same kind, which is not among model_kinds().
const ModelKind* find_model(std::string_view name);

/// What is wrong with what the configuration says of its model, and at which key: a name that is no
/// model (with the one that was probably meant), or another key that would be right by itself.
struct ModelProblem {
    std::string key;      // "stride"
    std::string message;  // "mobilenet has a stride of 8 or 16, not 32"
};
std::optional<ModelProblem> model_problem(const Config& config);

/// What the configuration's network gives.
Abilities abilities_of(const Config& config);

/// The models that give body parts, or keypoints, for messages: "mobilenet or resnet50".
std::string models_that_give(bool Abilities::*ability);

/// The same configuration with a network, or an input, that costs about half; nothing where there
/// is none.
std::optional<Config> with_lighter_network(const Config& config, int frame_width, int frame_height);

/// Loads the network that the configuration names, for frames of that size, to give what is needed
/// of parts and keypoints besides the person. Throws Error: the file is missing (and where it was
/// looked for, and how to get it), broken, or not supported; the network cannot give that.
std::unique_ptr<Segmenter> open_segmenter(const Config& config, int frame_width, int frame_height,
                                          const PersonNeeds& needs);

}  // namespace scrim
