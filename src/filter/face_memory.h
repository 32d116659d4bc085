#pragma once

#include <cstddef>
#include <vector>

#include "frame/face.h"
#include "util/clock.h"

namespace scrim {

/// Where faces are that were found a moment ago and are not now: a detector overlooks one here and
/// there (a hand before it, a quick turn), and whoever hides it must not let go for a single frame.
class FaceMemory {
  public:
    /// The faces found in a frame of that time (null: nobody looked), and where those were last
    /// that have been missing for half a second at most. Valid until the next call.
    const std::vector<Face>& update(const std::vector<Face>* found, Duration time);

  private:
    void forget(std::size_t number);
    void forget_nearest(const Face& found);

    std::vector<Face> faces_;     // the missing ones behind those that were found
    std::vector<Duration> seen_;  // when each was found last
};

}  // namespace scrim
