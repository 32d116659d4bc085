#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "config/config.h"
#include "frame/person.h"
#include "segment/enlarge.h"
#include "segment/mask.h"
#include "segment/segmenter.h"

namespace scrim {

/// Looks for faces in a frame; throws Error where it cannot.
using FaceFinder = std::function<std::vector<Face>(const Frame&)>;

/// How networks are opened, where not as they are installed (open_segmenter(), MediaPipe's face
/// detector): for tests.
struct Networks {
    std::function<std::unique_ptr<Segmenter>(const Config&, int width, int height,
                                             const PersonNeeds&)>
        segmenter = nullptr;
    std::function<FaceFinder()> faces = nullptr;
};

/// What the networks said of one frame, not yet refined.
struct Sighting {
    std::optional<Score> score;  // nothing = not asked for, or the network failed
    std::optional<std::vector<Face>> faces;
    bool failed = false;  // something that was asked for is missing
};

/// Finds of the people in a frame what the layers need, with as few networks as that takes, and
/// makes masks of it.
///
/// Where the model knows the parts of a face, faces are found by them; else by a face detector.
///
/// Threads: look() from one at a time, refine() and reset() from one at a time; not the same.
/// Errors: the constructor throws Error where a network cannot be had. Afterwards nothing throws: a
/// network that fails is said in the log, and nobody counts as being in the picture.
class PersonFinder {
  public:
    /// `given` is taken for the network's score of every frame, and no network is opened for it.
    PersonFinder(const Config& config, const PersonNeeds& needs, int frame_width, int frame_height,
                 const Networks& networks = {}, std::optional<Plane> given = std::nullopt);

    /// By how much, 1, 2, 4 or 8, a frame may be smaller for look() without the networks losing by
    /// it.
    int shrink() const { return shrink_; }

    /// The slow part: runs the networks.
    Sighting look(const Frame& frame);

    /// Frame-sized masks of what was seen.
    Person refine(const Sighting& sighting);

    /// The networks alone, on what they got last, their results thrown away. For benchmarks.
    void run_networks();

    /// Forgets the masks before (after a gap, an error, another camera).
    void reset();

  private:
    std::optional<Score> score_of(const Frame& frame);
    std::optional<std::vector<Face>> faces_of(const Frame& frame,
                                              const std::optional<Score>& score);

    int shrink_ = 1;
    PersonNeeds needs_;         // of the layers
    std::size_t face_set_ = 0;  // the faces' place in Score::parts, if faces are found by parts
    bool faces_by_parts_ = false;
    std::unique_ptr<Segmenter> segmenter_;
    FaceFinder face_finder_;
    std::optional<Plane> given_;
    std::optional<MaskRefiner> mask_;
    std::vector<MaskRefiner> parts_;
    Enlarger enlarge_;
};

}  // namespace scrim
