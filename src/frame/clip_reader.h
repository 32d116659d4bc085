#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <variant>

#include "frame/frame.h"
#include "frame/picture.h"
#include "util/clock.h"

namespace scrim {

/// A picture in its own size: R, G, B, A where the file is a picture or has alpha, else planes in
/// the file's own tags.
using Pixels = std::variant<Picture, Frame>;

/// Reads the pictures of a file one after another, each with the time for which it is shown: of an
/// animation (GIF, APNG, WebP), of a video, or the only one of a still picture. They come upright
/// and whole: what the pictures of an animation leave of those before them is put together.
///
/// Threads: one at a time.
class ClipReader {
  public:
    struct Options {
        bool only_pictures = false;  // refuse videos
        /// Once it is true, next() soon returns nothing; must live as long as the reader.
        const std::atomic<bool>* stop = nullptr;
    };

    virtual ~ClipReader() = default;

    /// Goes on to the next picture and says how long it is shown, more than nothing; animations
    /// that say 10 ms or less mean 100 ms, as browsers have it. Nothing = the end, or stopped.
    /// Where the file is damaged it ends there. Throws Error.
    virtual std::optional<Duration> next() = 0;

    /// The present picture; only after next() has said that there is one. Throws Error.
    virtual Pixels pixels() = 0;
};

/// Throws Error unless there is a picture in the file.
std::unique_ptr<ClipReader> open_clip(const std::filesystem::path& path,
                                      const ClipReader::Options& options);

/// Width and height in pixels.
struct PixelSize {
    int width = 0;
    int height = 0;
};
PixelSize size_of(const Pixels& pixels);

}  // namespace scrim
