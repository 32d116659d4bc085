#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>
#include <vector>

#include "app/instances.h"
#include "app/window.h"
#include "pipeline/pipeline.h"
#include "util/fd.h"

namespace scrim {

/// Says once a second what a pipeline does: to people on standard error, to a file of JSON lines,
/// and to every `scrim top` that connects. Sleeps while nobody wants to know.
class Monitor {
  public:
    struct Outputs {
        bool line = false;           // on standard error
        std::filesystem::path json;  // appended to; empty = none
    };

    /// The pipeline must live longer. Throws Error where the file cannot be written.
    Monitor(const Pipeline& pipeline, const Outputs& outputs);
    ~Monitor();
    Monitor(const Monitor&) = delete;
    Monitor& operator=(const Monitor&) = delete;

  private:
    void run();
    void report();
    void accept_clients();
    bool wanted() const { return outputs_.line || json_.is_open() || !clients_.empty(); }

    const Pipeline& pipeline_;
    const Outputs outputs_;
    std::ofstream json_;
    std::optional<InstanceSocket> socket_;  // none where there can be none
    std::vector<Fd> clients_;
    WindowMaker windows_;
    Fd stop_;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace scrim
