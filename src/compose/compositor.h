#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <vector>

#include "config/config.h"
#include "filter/filter.h"
#include "frame/frame.h"
#include "frame/person.h"

namespace scrim {

/// Puts the layers of a configuration together, bottom first. Plans once what never changes (static
/// layers and the static beginnings of chains are computed once), what nobody sees (layers under an
/// opaque static one) and what has to be found of the person at all.
///
/// Threads: begin() from one at a time, finish() from one at a time; not the same.
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

    /// What compose() needs to know of the person. After prepare().
    const PersonNeeds& needs() const;

    /// A frame of which nothing is done yet that needs to know of the person.
    struct Begun {
        Frame input;
        Frame stack;           // the layers so far
        std::size_t next = 0;  // the first layer that is not in it
        FrameContext context;
    };
    /// Computes the layers under the first that needs to know of the person, which may take place
    /// while that is being found out. Frames in their order.
    Begun begin(const Frame& input);
    /// Whether there are such layers.
    bool has_beginning() const;
    /// The rest of compose().
    Frame finish(Begun begun, const Person& person);

    /// The finished picture, opaque, with the input's tags, time and sequence. What is missing in
    /// `person` counts as nobody, which is the safe choice.
    Frame compose(const Frame& input, const Person& person);

  private:
    struct Plan;
    std::unique_ptr<Plan> plan_;
};

}  // namespace scrim
