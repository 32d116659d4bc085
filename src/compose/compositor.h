#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "config/config.h"
#include "filter/filter.h"
#include "frame/frame.h"

namespace scrim {

/// Puts the layers of a configuration together, bottom first. Plans once what never changes (static
/// layers and the static beginnings of chains are computed once), what nobody sees (layers under an
/// opaque static one) and whether the person mask is needed at all.
///
/// Threads: one at a time.
class Compositor {
  public:
    /// Makes the filters of all layers; what is wrong goes into `diagnostics`.
    Compositor(const Config& config, Diagnostics& diagnostics);
    ~Compositor();
    Compositor(Compositor&&) noexcept;
    Compositor& operator=(Compositor&&) noexcept;

    /// Loads what the filters need for frames of that size; must come before compose(). What cannot
    /// be loaded is reported at its place in the configuration.
    void prepare(const StreamContext& stream, Diagnostics& diagnostics);

    /// The files that the layers show: pictures, videos, folders of pictures.
    std::vector<std::filesystem::path> files() const;

    /// Whether compose() needs the person mask. After prepare().
    bool needs_mask() const;

    /// The finished picture, opaque, with the input's tags, time and sequence. `mask` is
    /// frame-sized; null = nobody is there (only allowed, and the safe choice, when there is none).
    Frame compose(const Frame& input, const Plane* mask);

  private:
    struct Plan;
    std::unique_ptr<Plan> plan_;
};

}  // namespace scrim
