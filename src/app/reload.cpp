#include "app/reload.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "app/report.h"
#include "config/diagnostics.h"
#include "util/log.h"
#include "util/thread.h"

namespace scrim {

Reload::Reload(FileWatch& watch, Pipeline& pipeline, std::filesystem::path config, Load load,
               std::vector<std::filesystem::path> shown)
    : watch_(watch),
      pipeline_(pipeline),
      config_(std::move(config)),
      load_(std::move(load)),
      shown_(std::move(shown)) {
    this->watch();
    thread_ = std::jthread([this] { run(); });
}

Reload::~Reload() {
    watch_.interrupt();
}

void Reload::watch() {
    std::vector<std::filesystem::path> files = shown_;
    files.push_back(config_);
    watch_.watch(files);
}

void Reload::run() {
    name_thread("reload");
    while (watch_.wait())
        load_anew();
}

/// What is read while somebody writes may be half of it, right or wrong: it is then left alone, and
/// read again when the writer is done.
void Reload::load_anew() {
    watch();  // links may lead elsewhere now
    try {
        PipelineSetup setup = load_();
        if (!came_to_rest()) return;
        shown_ = setup.scene.files();
        watch();
        if (!pipeline_.reload(std::move(setup), [this] { return came_to_rest(); })) return;
        spdlog::info("{}: loaded anew", config_.string());
        warn_of_missing(pipeline_.missing());
    } catch (const std::exception& error) {
        if (!came_to_rest()) return;
        const bool explained = dynamic_cast<const ConfigError*>(&error) != nullptr;
        if (explained) fmt::print(stderr, "{}", error.what());
        spdlog::error("{}; going on as before",
                      explained ? config_.string() + " is wrong" : error.what());
    }
}

bool Reload::came_to_rest() {
    // The kernel tells of a write a moment after its bytes can be read.
    constexpr auto moment = std::chrono::milliseconds(5);
    std::this_thread::sleep_for(moment);
    return !watch_.disturbed();
}

}  // namespace scrim
