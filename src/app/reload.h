#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/pipeline.h"
#include "util/file_watch.h"

namespace scrim {

/// Loads the configuration anew, on a thread of its own, whenever its file or a file that it shows
/// has changed. A wrong configuration is explained, and what ran goes on.
///
/// The pipeline must be running, and live longer. It is this object that reloads it, nobody else.
class Reload {
  public:
    /// Reads the configuration; throws what is wrong with it.
    using Load = std::function<PipelineSetup()>;

    /// `watch` has watched `config` since before it was read for the first time; from now on it is
    /// this object's. `shown`: the files that the running configuration shows.
    Reload(FileWatch& watch, Pipeline& pipeline, std::filesystem::path config, Load load,
           std::vector<std::filesystem::path> shown);
    ~Reload();
    Reload(const Reload&) = delete;
    Reload& operator=(const Reload&) = delete;

  private:
    void run();
    void load_anew();
    bool came_to_rest();
    void watch();

    FileWatch& watch_;
    Pipeline& pipeline_;
    std::filesystem::path config_;
    Load load_;
    std::vector<std::filesystem::path> shown_;
    std::jthread thread_;
};

}  // namespace scrim
