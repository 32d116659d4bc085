#include "segment/registry.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "segment/bodypix.h"
#include "segment/mediapipe.h"
#include "segment/own_network.h"
#include "util/words.h"

namespace scrim {
namespace {

using SegmenterPtr = std::unique_ptr<Segmenter>;

constexpr std::string_view apache = "Apache-2.0";

using Names = std::vector<std::string>;

constexpr const char* landscape_file = "selfie_segmentation_landscape.tflite";
constexpr const char* square_file = "selfie_segmentation.tflite";

template <BodyPixKind kind>
constexpr ModelKind bodypix(std::string_view name, std::string_view help) {
    return {
        name,
        apache,
        help,
        {.parts = true, .keypoints = true},
        [](const Config& config) { return Names{bodypix_file(kind, config)}; },
        [](const Config& config, int width, int height, const PersonNeeds& needs) -> SegmenterPtr {
            return open_bodypix(kind, config, width, height, needs);
        }};
}

constexpr std::array<ModelKind, 5> kinds{{
    {"mediapipe",
     apache,
     "MediaPipe's selfie segmentation, soft edges: the landscape network for wide pictures, else "
     "the square one",
     {},
     [](const Config&) {
         return Names{landscape_file, square_file};
     },
     [](const Config&, int width, int height, const PersonNeeds&) -> SegmenterPtr {
         return open_selfie(selfie_kind_for(width, height));
     }},
    {"mediapipe-landscape",
     apache,
     "its network of 256x144: half the cost of the square one",
     {},
     [](const Config&) { return Names{landscape_file}; },
     [](const Config&, int, int, const PersonNeeds&) -> SegmenterPtr {
         return open_selfie(SelfieKind::landscape);
     }},
    {"mediapipe-square",
     apache,
     "its network of 256x256",
     {},
     [](const Config&) { return Names{square_file}; },
     [](const Config&, int, int, const PersonNeeds&) -> SegmenterPtr {
         return open_selfie(SelfieKind::square);
     }},
    bodypix<BodyPixKind::mobilenet>(
        "mobilenet", "BodyPix, hard edges, by multiplier, stride and internal_resolution"),
    bodypix<BodyPixKind::resnet50>(
        "resnet50", "BodyPix' large network, hard edges: many times the cost of mobilenet"),
}};

/// Any network file; its name is not one to be listed.
constexpr ModelKind own_network{
    "own",
    "",
    "a network of your own, by the name of its .tflite or .json file",
    {},
    [](const Config&) { return Names{}; },
    [](const Config& config, int, int, const PersonNeeds&) { return open_own_network(config); }};

std::string unknown_model(std::string_view name) {
    std::vector<std::string> names;
    names.reserve(kinds.size());
    for (const ModelKind& kind : kinds)
        names.emplace_back(kind.name);
    if (const auto meant = closest_word(name, names)) {
        return fmt::format("there is no model \"{}\"; did you mean \"{}\"?", name, *meant);
    }
    return fmt::format(
        "there is no model \"{}\"; it can be {}, or the name of a "
        ".tflite or .json file",
        name, join_or(names));
}

}  // namespace

std::span<const ModelKind> model_kinds() {
    return kinds;
}

const ModelKind* find_model(std::string_view name) {
    if (name.empty()) return kinds.data();
    if (names_network_file(name)) return &own_network;
    if (name == "resnet") name = "resnet50";
    const auto* found = std::find_if(kinds.begin(), kinds.end(),
                                     [&](const ModelKind& kind) { return kind.name == name; });
    return found == kinds.end() ? nullptr : found;
}

std::optional<ModelProblem> model_problem(const Config& config) {
    const ModelKind* const kind = find_model(config.model);
    if (kind == nullptr) return ModelProblem{"model", unknown_model(config.model)};
    if (kind == &own_network) {
        if (auto own = own_network_problem(config)) return ModelProblem{"model", std::move(*own)};
        return std::nullopt;
    }
    std::optional<std::string> stride;
    if (kind->name == "mobilenet") stride = bodypix_stride_problem(BodyPixKind::mobilenet, config);
    if (kind->name == "resnet50") stride = bodypix_stride_problem(BodyPixKind::resnet50, config);
    if (!stride) return std::nullopt;
    return ModelProblem{"stride", std::move(*stride)};
}

Abilities abilities_of(const Config& config) {
    const ModelKind* const kind = find_model(config.model);
    return kind == nullptr ? Abilities{} : kind->gives;
}

std::string models_that_give(bool Abilities::*ability) {
    std::vector<std::string> names;
    for (const ModelKind& kind : kinds) {
        if (kind.gives.*ability) names.emplace_back(kind.name);
    }
    return join_or(names);
}

std::optional<Config> with_lighter_network(const Config& config, int frame_width,
                                           int frame_height) {
    constexpr double about_half_the_pixels = 0.7;
    Config lighter = config;
    const ModelKind* const kind = find_model(config.model);
    if (kind == nullptr) return std::nullopt;
    if (kind->gives.parts) {
        lighter.internal_resolution = about_half_the_pixels * config.internal_resolution;
        return lighter;
    }
    const bool square = kind->name == "mediapipe-square" ||
                        (kind->name == "mediapipe" &&
                         selfie_kind_for(frame_width, frame_height) == SelfieKind::square);
    if (!square) return std::nullopt;
    lighter.model = "mediapipe-landscape";
    return lighter;
}

std::unique_ptr<Segmenter> open_segmenter(const Config& config, int frame_width, int frame_height,
                                          const PersonNeeds& needs) {
    if (const auto problem = model_problem(config)) {
        throw Error("{}: {}", problem->key, problem->message);
    }
    return find_model(config.model)->open(config, frame_width, frame_height, needs);
}

}  // namespace scrim
