#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "filter/filter.h"
#include "frame/clip_reader.h"
#include "frame/frame.h"

namespace scrim {

/// Makes what is shown of a picture: of the frame's size and tags, or whatever its filter wants.
/// Called from one thread at a time, not always the same.
using Fitter = std::function<Frame(const Pixels&)>;

/// Pictures that are shown one after another, again and again: rounds of a file, or of a folder of
/// files.
///
/// Threads: one at a time; interrupt() from any thread.
class Reel {
  public:
    virtual ~Reel() = default;

    /// Goes on to the next picture of the round and says how long it is shown. Nothing = the end of
    /// the round. Throws Error where the file cannot be opened. After both a new round begins.
    virtual std::optional<Duration> next() = 0;

    /// The present picture as it is shown; only after next() has said that there is one. Throws.
    virtual Frame picture() = 0;

    /// Begins a new round.
    virtual void rewind() = 0;

    /// Makes the present and every later next() end soon.
    virtual void interrupt() noexcept = 0;
};

/// The pictures of an animation or a video.
class ClipReel final : public Reel {
  public:
    struct Options {
        bool only_pictures = false;
        /// 0 = each picture for as long as the file says; otherwise so many pictures a second of
        /// those that the file has, played as fast as it says.
        double pictures_per_second = 0;
    };

    ClipReel(std::filesystem::path path, const Options& options, Fitter fitter);

    std::optional<Duration> next() override;
    Frame picture() override { return fitter_(reader_->pixels()); }
    void rewind() override { reader_.reset(); }
    void interrupt() noexcept override { stop_ = true; }

  private:
    std::optional<Duration> next_of_file();
    std::int64_t ticks_before(Duration time) const;

    const std::filesystem::path path_;
    const Options options_;
    const Fitter fitter_;
    std::atomic<bool> stop_{false};
    std::unique_ptr<ClipReader> reader_;  // empty = between two rounds
    Duration played_{};                   // of the file, in this round
};

}  // namespace scrim
