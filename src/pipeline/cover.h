#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "filter/filter.h"
#include "frame/frame.h"

namespace scrim {

/// What is shown while there is nothing to be seen of the camera: the picture that the
/// configuration names, or a card that says so.
///
/// Threads: one at a time.
class Cover {
  public:
    /// For a stream of that size and those tags. A picture that cannot be shown is none: then the
    /// card stands for it, too.
    Cover(const Config& config, const StreamContext& stream);

    /// Why the picture cannot be shown, if so: a line.
    const std::string& missing() const { return missing_; }

    /// The cover as a frame of this moment.
    Frame frame(std::uint64_t sequence) const;

  private:
    std::string missing_;
    Frame picture_;
};

}  // namespace scrim
