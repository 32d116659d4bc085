#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/schema.h"
#include "filter/camera_feed.h"
#include "frame/face.h"
#include "frame/frame.h"
#include "util/clock.h"

namespace scrim {

/// What a filter touches. The compositor plans by it and debug builds check it.
struct FilterTraits {
    /// Does not look at what it gets: the layer starts with this filter's own picture.
    bool replaces_input = false;
    /// The output changes from frame to frame although the input does not (a video, noise).
    bool changes = false;
    /// Reads FrameContext::mask.
    bool needs_mask = false;
    /// Reads FrameContext::faces.
    bool needs_faces = false;
};

/// What is known when a stream begins.
struct StreamContext {
    int width = 0;
    int height = 0;
    ColorTags tags;
    double fps = 0;  // as the source announces it; 0 = not known
    /// Frames come as time goes by and must not be kept waiting. Otherwise a file is worked on:
    /// each frame gets exactly what belongs to its time, however long that takes.
    bool live = false;
    /// For pictures of a second camera; empty where there are none to be had (`scrim check`).
    OpenCamera open_camera = nullptr;
};

/// What is known of the present frame.
struct FrameContext {
    std::uint64_t index = 0;      // frames composed since the configuration was loaded, from 0
    Duration time{};              // since the first frame, by the frames' own times
    const Plane* mask = nullptr;  // frame-sized person mask; null unless something needs it
    /// All faces in the frame; null where nobody looked, or where looking failed: who hides faces
    /// must then count with one anywhere.
    const std::vector<Face>* faces = nullptr;
};

/// One step of a layer: gets the layer's picture and changes it in place.
///
/// A filter is a class in its own file, made by a factory in its header and named in one line of
/// registry.cpp. Its life: constructed with defaults, bind() and the arguments read, prepare() once
/// a stream, traits() and missing(), apply() once a frame. What moves, moves by the frame's time
/// (FrameContext::time), not by the number of frames, unless the language says "every frame".
/// Threads: one at a time, not always the same.
class Filter {
  public:
    virtual ~Filter() = default;

    /// Names the parameters, each once.
    virtual void bind(Schema& schema) = 0;

    /// Loads files and computes tables. Throws Error with the reason (the caller adds the place in
    /// the configuration). A picture that cannot be read is no error: see missing().
    virtual void prepare(const StreamContext& stream);

    /// After prepare().
    virtual FilterTraits traits() const = 0;

    /// After prepare(): why a file could not be read, in whose place a checkerboard is shown; empty
    /// = nothing is missing.
    virtual std::string missing() const;

    /// The files and folders that it shows, there or not, known once the arguments are read: when
    /// one of them changes, the configuration is loaded anew.
    virtual std::vector<std::filesystem::path> files() const;

    /// Changes `image` (of the stream's size and tags) in place. A filter whose output has no alpha
    /// of its own drops the alpha plane.
    virtual void apply(Frame& image, const FrameContext& context) = 0;
};

inline void Filter::prepare(const StreamContext& /*stream*/) {}

inline std::string Filter::missing() const {
    return {};
}

inline std::vector<std::filesystem::path> Filter::files() const {
    return {};
}

}  // namespace scrim
