#include "pipeline/scene.h"

#include <utility>

#include <fmt/format.h>

#include "segment/own_network.h"
#include "segment/registry.h"

namespace scrim {

std::vector<std::filesystem::path> Scene::files() const {
    std::vector<std::filesystem::path> files = compositor.files();
    for (auto& file : own_network_files(config))
        files.push_back(std::move(file));
    if (!config.cover.empty()) files.push_back(config.cover);
    return files;
}

void Scene::prepare(const StreamContext& stream) {
    compositor.prepare(stream, diagnostics);
    if (diagnostics.has_errors()) throw ConfigError(diagnostics.render());
}

namespace {

void report_wrong_model(const Config& config, Diagnostics& diagnostics) {
    const auto problem = model_problem(config);
    if (!problem) return;
    const auto place = config.places.find(problem->key);
    const bool known = place != config.places.end();
    diagnostics.error(known ? place->second : Location{}, problem->key, problem->message);
}

/// What the layers want of a network that cannot give it.
void report_what_the_model_lacks(const Config& config, Diagnostics& diagnostics) {
    const Abilities gives = abilities_of(config);
    const auto lacks = [&](Location where, const std::string& key, const char* what,
                           bool Abilities::*ability) {
        if (gives.*ability) return;
        diagnostics.error(where, key,
                          fmt::format("the model {} gives no {}; write \"model: mobilenet\" (they "
                                      "come from {})",
                                      config.model.empty() ? "mediapipe" : config.model, what,
                                      models_that_give(ability)));
    };
    for (const LayerSpec& layer : config.layers) {
        if (layer.parts.any()) lacks(layer.where, layer.key, "body parts", &Abilities::parts);
    }
    const auto debug = [&](const char* key, const std::optional<int>& number, const char* what,
                           bool Abilities::*ability) {
        if (number.value_or(-1) >= 0) lacks(config.places.at(key), key, what, ability);
    };
    debug("debug_show_mask", config.debug_show_mask, "body parts", &Abilities::parts);
    debug("debug_show_heatmap", config.debug_show_heatmap, "keypoints", &Abilities::keypoints);
}

}  // namespace

Scene scene_of_text(const std::string& text, const std::string& name,
                    const std::filesystem::path& folder) {
    Diagnostics diagnostics(name, text);
    Config config = parse_config(text, folder, diagnostics);
    report_wrong_model(config, diagnostics);
    report_what_the_model_lacks(config, diagnostics);
    Compositor compositor(config, diagnostics);
    if (diagnostics.has_errors()) {
        // pictures that cannot be read are said in the same breath; any size will do for that
        compositor.prepare({.width = 16, .height = 16, .tags = {}}, diagnostics);
        throw ConfigError(diagnostics.render());
    }
    return {std::move(config), std::move(compositor), std::move(diagnostics)};
}

Scene load_scene(const std::filesystem::path& path) {
    if (path.empty()) {
        return scene_of_text(default_config_text(), "default configuration",
                             std::filesystem::current_path());
    }
    return scene_of_text(read_config_file(path), path.string(),
                         std::filesystem::absolute(path).parent_path());
}

}  // namespace scrim
