#include "segment/registry.h"

#include <algorithm>
#include <array>
#include <vector>

#include "segment/mediapipe.h"
#include "util/words.h"

namespace scrim {
namespace {

using SegmenterPtr = std::unique_ptr<Segmenter>;

constexpr std::string_view apache = "Apache-2.0";

constexpr std::array<ModelKind, 3> kinds{{
    {"mediapipe", "selfie_segmentation_landscape.tflite selfie_segmentation.tflite", apache,
     "MediaPipe's selfie segmentation, soft edges: the landscape network for wide pictures, else "
     "the square one",
     [](const Config&, int width, int height) -> SegmenterPtr {
         return open_selfie(selfie_kind_for(width, height));
     }},
    {"mediapipe-landscape", "selfie_segmentation_landscape.tflite", apache,
     "its network of 256x144: half the cost of the square one",
     [](const Config&, int, int) -> SegmenterPtr { return open_selfie(SelfieKind::landscape); }},
    {"mediapipe-square", "selfie_segmentation.tflite", apache, "its network of 256x256",
     [](const Config&, int, int) -> SegmenterPtr { return open_selfie(SelfieKind::square); }},
}};

// Names of the configuration language that this version does not know how to open.
constexpr std::array<std::string_view, 3> body_part_networks{"mobilenet", "resnet50", "resnet"};

bool is_body_part_network(std::string_view name) {
    return std::count(body_part_networks.begin(), body_part_networks.end(), name) > 0;
}

}  // namespace

std::span<const ModelKind> model_kinds() {
    return kinds;
}

const ModelKind* find_model(std::string_view name) {
    if (name.empty()) return kinds.data();
    const auto* found = std::find_if(kinds.begin(), kinds.end(),
                                     [&](const ModelKind& kind) { return kind.name == name; });
    return found == kinds.end() ? nullptr : found;
}

std::optional<std::string> unknown_model(std::string_view name) {
    if (find_model(name) != nullptr || is_body_part_network(name)) return std::nullopt;
    std::vector<std::string> names;
    names.reserve(kinds.size());
    for (const ModelKind& kind : kinds)
        names.emplace_back(kind.name);
    std::vector<std::string> known = names;
    known.insert(known.end(), body_part_networks.begin(), body_part_networks.end());
    if (const auto meant = closest_word(name, known)) {
        return fmt::format("there is no model \"{}\"; did you mean \"{}\"?", name, *meant);
    }
    return fmt::format("there is no model \"{}\"; it can be {}", name, join_or(names));
}

std::unique_ptr<Segmenter> open_segmenter(const Config& config, int frame_width, int frame_height) {
    if (const auto problem = unknown_model(config.model)) throw Error(*problem);
    if (is_body_part_network(config.model)) {
        throw Error(
            "model \"{}\" is a network of body parts, which this version does not have yet; "
            "`model: mediapipe` is there",
            config.model);
    }
    return find_model(config.model)->open(config, frame_width, frame_height);
}

}  // namespace scrim
