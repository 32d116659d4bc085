#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "filter/filter.h"
#include "frame/frame.h"
#include "frame/person.h"

namespace scrim {

/// One layer of the configuration with its filters; computes once what never changes. A part of the
/// Compositor.
class Layer {
  public:
    /// What a layer may be made of.
    struct Inputs {
        const Frame& input;     // the camera picture
        const Frame& previous;  // all layers so far, composited
        const Plane& mask;      // of the person, frame-sized
        const Plane& parts;     // of the parts that the layer names, frame-sized
        FrameContext context;
    };

    /// Makes the filters; what is wrong goes into `diagnostics`.
    Layer(const LayerSpec& spec, const std::filesystem::path& folder, Diagnostics& diagnostics);

    /// Prepares all filters, plans, and computes the static beginning of the chain. What cannot be
    /// loaded is reported at its place; after an error render() must not be called.
    void prepare(const StreamContext& stream, Diagnostics& diagnostics);

    /// The files that its filters show.
    void add_files(std::vector<std::filesystem::path>& files) const;

    /// The layer's picture for one frame. Its sequence and time mean nothing.
    Frame render(const Inputs& inputs);

    /// Of the frames. After prepare().
    PersonNeeds needs() const;
    /// The parts of the body that the layer names.
    const PartSet& parts() const { return parts_; }
    /// Gives the same every frame if the layers under it do.
    bool is_static() const;
    /// Hides what lies under it, as far as that is known without a frame. After prepare().
    bool hides_all() const;
    /// Shows what lies under it and nothing else.
    bool is_nothing() const;

  private:
    struct Step {
        std::unique_ptr<Filter> filter;
        FilterTraits traits;
        Location where;
        std::string key;
    };

    bool prepare_steps(const StreamContext& stream, Diagnostics& diagnostics);
    void plan();
    Frame source_picture(const Inputs& inputs) const;
    Plane source_alpha(const Inputs& inputs) const;
    void run(Frame& image, std::size_t from, std::size_t to, const FrameContext& context);

    LayerSource source_;
    PartSet parts_;
    std::vector<Step> steps_;

    // by plan()
    bool own_picture_ = false;  // made of neither the camera's nor the other layers' picture
    std::size_t begin_ = 0;  // first step that matters: nobody sees what an image filter replaces
    std::size_t fixed_ = 0;  // own_picture_: the steps from begin_ up to here are computed once ...
    Frame start_;            // ... and this is their result
};

}  // namespace scrim
