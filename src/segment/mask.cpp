#include "segment/mask.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <opencv2/imgproc.hpp>

#include "frame/mat.h"

namespace scrim {
namespace {

int threshold_of(const Config& config) {
    // The smallest surplus keeps 0.6 * 255 = 152.99999999999997 from counting 153 as above.
    constexpr double surplus = 1e-9;
    return static_cast<int>(std::floor(config.segmentation_threshold * 255.0 + surplus));
}

/// Adds a plane, or takes it away. OpenCV's sums of different types are several times slower.
void add_to(cv::Mat& sum, const Plane& plane, int sign) {
    for (int y = 0; y < plane.height(); ++y) {
        const std::uint8_t* const in = plane.row(y);
        auto* const out = sum.ptr<std::uint16_t>(y);
        for (int x = 0; x < plane.width(); ++x)
            out[x] = static_cast<std::uint16_t>(out[x] + sign * in[x]);
    }
}

void filter(Plane& mask, int dilate, int erode, int blur) {
    // A square of one pixel changes nothing.
    const auto square = [](int side) {
        return cv::getStructuringElement(cv::MORPH_RECT, cv::Size(side, side));
    };
    if (dilate <= 1 && erode <= 1 && blur <= 1) return;
    cv::Mat mat = mat_of(mask);
    if (dilate > 1) cv::dilate(mat, mat, square(dilate));
    if (erode > 1) cv::erode(mat, mat, square(erode));
    if (blur > 1) cv::blur(mat, mat, cv::Size(blur, blur));
}

}  // namespace

MaskRefiner::MaskRefiner(const Config& config, bool hard, int frame_width, int frame_height)
    : average_(static_cast<std::size_t>(std::max(config.average_masks, 1))),
      dilate_(config.dilate),
      erode_(config.erode),
      blur_(config.blur),
      threshold_(hard ? threshold_of(config) : -1),
      enlarge_(frame_width, frame_height) {}

Plane MaskRefiner::refine(const Plane& score) {
    Plane mask;
    if (threshold_ >= 0) {
        mask = enlarge_(score);
        cv::Mat mat = mat_of(mask);
        cv::threshold(mat, mat, threshold_, 255, cv::THRESH_BINARY);
        mask = averaged(std::move(mask));
    } else {
        mask = enlarge_(averaged(score));
    }
    filter(mask, dilate_, erode_, blur_);
    return mask;
}

void MaskRefiner::reset() {
    last_.clear();
    oldest_ = 0;
}

/// The sum goes on from frame to frame: one mask comes in, one goes out.
Plane MaskRefiner::averaged(Plane mask) {
    if (average_ == 1) return mask;
    const bool same_size = last_.empty() || (last_.front().width() == mask.width() &&
                                             last_.front().height() == mask.height());
    if (!same_size) reset();
    if (last_.empty()) sum_ = cv::Mat::zeros(mask.height(), mask.width(), CV_16U);
    add_to(sum_, mask, 1);
    if (last_.size() < average_) {
        last_.push_back(std::move(mask));
    } else {
        add_to(sum_, last_[oldest_], -1);
        last_[oldest_] = std::move(mask);
        oldest_ = (oldest_ + 1) % average_;
    }
    if (last_.size() == 1) return last_.front();

    Plane mean(sum_.cols, sum_.rows);
    sum_.convertTo(mat_of(mean), CV_8U, 1.0 / static_cast<double>(last_.size()));
    return mean;
}

}  // namespace scrim
