#include "segment/face_parts.h"

#include <algorithm>
#include <optional>

#include <opencv2/imgproc.hpp>

#include "frame/mat.h"

namespace scrim {
namespace {

constexpr int yes = 127;  // a score above it

std::optional<FramePoint> eye_in(const Plane& score, const cv::Rect& box) {
    if (score.empty()) return std::nullopt;
    double most = 0;
    cv::Point place;
    cv::minMaxLoc(mat_of(score)(box), nullptr, &most, nullptr, &place);
    if (most <= yes) return std::nullopt;
    return FramePoint{(box.x + place.x + 0.5) / score.width(),
                      (box.y + place.y + 0.5) / score.height()};
}

}  // namespace

std::vector<Face> faces_of_parts(const Plane& face, const Plane& right_eye, const Plane& left_eye) {
    cv::Mat labels, boxes, middles;
    const int count =
        cv::connectedComponentsWithStats(mat_of(face) > yes, labels, boxes, middles, 8, CV_32S);
    // A face that matters fills more than a thousandth of the picture's height squared.
    const int least_area = face.height() * face.height() / 1000;
    std::vector<cv::Rect> found;
    for (int i = 1; i < count; ++i) {  // 0 is what is no face
        if (boxes.at<int>(i, cv::CC_STAT_AREA) < least_area) continue;
        found.emplace_back(boxes.at<int>(i, cv::CC_STAT_LEFT), boxes.at<int>(i, cv::CC_STAT_TOP),
                           boxes.at<int>(i, cv::CC_STAT_WIDTH),
                           boxes.at<int>(i, cv::CC_STAT_HEIGHT));
    }
    std::sort(found.begin(), found.end(),
              [](const cv::Rect& a, const cv::Rect& b) { return a.area() > b.area(); });
    std::vector<Face> faces;
    for (const cv::Rect& box : found) {
        const double width = face.width();
        const double height = face.height();
        Face one{box.x / width, box.y / height, box.br().x / width, box.br().y / height, {}};
        const auto right = eye_in(right_eye, box);
        const auto left = eye_in(left_eye, box);
        if (right && left) one.eyes = {*right, *left};
        faces.push_back(one);
    }
    return faces;
}

}  // namespace scrim
