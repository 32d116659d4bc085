#include "segment/face_boxes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

namespace scrim {
namespace {

/// Beyond that nothing changes any more.
constexpr float largest_logit = 100;

double sigmoid(float logit) {
    return 1 / (1 + std::exp(-double{std::clamp(logit, -largest_logit, largest_logit)}));
}

/// The candidate of the cell with its middle there.
std::optional<Face> face_at(FramePoint middle, double input_side,
                            std::span<const float, face_regressors> numbers) {
    if (!std::all_of(numbers.begin(), numbers.end(), [](float n) { return std::isfinite(n); })) {
        return std::nullopt;
    }
    const auto point = [&](std::size_t first) {
        return FramePoint{middle.x + double{numbers[first]} / input_side,
                          middle.y + double{numbers[first + 1]} / input_side};
    };
    const FramePoint centre = point(0);
    const double width = double{numbers[2]} / input_side;
    const double height = double{numbers[3]} / input_side;
    Face face;
    face.left = centre.x - width / 2;
    face.top = centre.y - height / 2;
    face.right = face.left + width;
    face.bottom = face.top + height;
    if (!(face.left < face.right && face.top < face.bottom)) return std::nullopt;
    face.eyes = {point(4), point(6)};
    return face;
}

double area(const Face& face) {
    return (face.right - face.left) * (face.bottom - face.top);
}

/// Intersection over union.
double overlap(const Face& a, const Face& b) {
    const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
    const double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
    if (width <= 0 || height <= 0) return 0;
    return width * height / (area(a) + area(b) - width * height);
}

/// All have eyes: candidates come from one network.
Face mean_of(std::span<const FaceCandidate> candidates) {
    Face mean;
    std::array<FramePoint, 2> eyes{};
    double weights = 0;
    for (const auto& candidate : candidates)
        weights += candidate.score;
    for (const auto& [face, score] : candidates) {
        const double weight = score / weights;
        mean.left += weight * face.left;
        mean.top += weight * face.top;
        mean.right += weight * face.right;
        mean.bottom += weight * face.bottom;
        for (std::size_t i = 0; i < eyes.size(); ++i) {
            eyes[i].x += weight * (*face.eyes)[i].x;
            eyes[i].y += weight * (*face.eyes)[i].y;
        }
    }
    mean.eyes = eyes;
    return mean;
}

}  // namespace

std::vector<FaceCandidate> read_candidates(const FaceGrid& grid, double threshold) {
    std::vector<FaceCandidate> found;
    std::size_t i = 0;
    for (int row = 0; row < grid.rows; ++row) {
        for (int column = 0; column < grid.columns; ++column) {
            const FramePoint middle{(column + 0.5) / grid.columns, (row + 0.5) / grid.rows};
            for (int anchor = 0; anchor < grid.anchors; ++anchor, ++i) {
                const double score = sigmoid(grid.scores[i]);
                if (!(score >= threshold)) continue;
                const auto numbers =
                    grid.regressors.subspan(i * face_regressors).first<face_regressors>();
                if (const auto face = face_at(middle, grid.input_side, numbers)) {
                    found.push_back({*face, score});
                }
            }
        }
    }
    return found;
}

std::vector<Face> blended(std::vector<FaceCandidate> candidates) {
    constexpr double same_face = 0.3;
    std::stable_sort(
        candidates.begin(), candidates.end(),
        [](const FaceCandidate& a, const FaceCandidate& b) { return a.score > b.score; });
    std::vector<Face> faces;
    for (auto begin = candidates.begin(); begin != candidates.end();) {
        const Face best = begin->face;
        // The best overlaps with itself.
        const auto end = std::stable_partition(begin, candidates.end(), [&](const auto& candidate) {
            return overlap(best, candidate.face) > same_face;
        });
        faces.push_back(mean_of({begin, end}));
        begin = end;
    }
    return faces;
}

}  // namespace scrim
