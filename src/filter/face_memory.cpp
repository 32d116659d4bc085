#include "filter/face_memory.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

namespace scrim {
namespace {

constexpr std::chrono::milliseconds longest_absence{500};

/// How far apart the middles are, in sizes of the faces: below 1 it may be the same one, moved.
double distance(const Face& a, const Face& b) {
    const auto along = [](double low_a, double high_a, double low_b, double high_b) {
        const double size = std::max(high_a - low_a, high_b - low_b);
        return size > 0 ? (low_a + high_a - low_b - high_b) / 2 / size
                        : std::numeric_limits<double>::infinity();
    };
    return std::hypot(along(a.left, a.right, b.left, b.right),
                      along(a.top, a.bottom, b.top, b.bottom));
}

}  // namespace

const std::vector<Face>& FaceMemory::update(const std::vector<Face>* found, Duration time) {
    if (found != nullptr) {
        for (const Face& face : *found)
            forget_nearest(face);
    }
    for (std::size_t i = faces_.size(); i-- > 0;) {
        // Time that runs backwards is that of another stream.
        if (seen_[i] > time || time - seen_[i] > longest_absence) forget(i);
    }
    if (found != nullptr) {
        faces_.insert(faces_.begin(), found->begin(), found->end());
        seen_.insert(seen_.begin(), found->size(), time);
    }
    return faces_;
}

void FaceMemory::forget(std::size_t number) {
    faces_.erase(faces_.begin() + static_cast<std::ptrdiff_t>(number));
    seen_.erase(seen_.begin() + static_cast<std::ptrdiff_t>(number));
}

/// Only one of them is the face that was found, so two that stand close together are two.
void FaceMemory::forget_nearest(const Face& found) {
    double least = 1;
    std::optional<std::size_t> nearest;
    for (std::size_t i = 0; i < faces_.size(); ++i) {
        const double far = distance(faces_[i], found);
        if (!(far < least)) continue;
        least = far;
        nearest = i;
    }
    if (nearest) forget(*nearest);
}

}  // namespace scrim
