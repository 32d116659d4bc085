#include "pipeline/scene.h"

#include <utility>

#include "segment/registry.h"

namespace scrim {

void Scene::prepare(const StreamContext& stream) {
    compositor.prepare(stream, diagnostics);
    if (diagnostics.has_errors()) throw ConfigError(diagnostics.render());
}

Scene scene_of_text(const std::string& text, const std::string& name,
                    const std::filesystem::path& folder) {
    Diagnostics diagnostics(name, text);
    Config config = parse_config(text, folder, diagnostics);
    if (const auto problem = model_problem(config)) {
        const auto place = config.places.find(problem->key);
        const bool known = place != config.places.end();
        diagnostics.error(known ? place->second : Location{}, problem->key, problem->message);
    }
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
