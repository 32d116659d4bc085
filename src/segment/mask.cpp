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

Plane enlarged(const Plane& score, int width, int height) {
    if (score.width() == width && score.height() == height) return score;
    Plane result(width, height);
    cv::Mat target = mat_of(result);
    cv::resize(mat_of(score), target, target.size(), 0, 0, cv::INTER_LINEAR);
    return result;
}

MaskRefiner::MaskRefiner(const Config& config, bool hard, int frame_width, int frame_height)
    : average_(static_cast<std::size_t>(std::max(config.average_masks, 1))),
      dilate_(config.dilate),
      erode_(config.erode),
      blur_(config.blur),
      threshold_(hard ? threshold_of(config) : -1),
      width_(frame_width),
      height_(frame_height) {}

Plane MaskRefiner::refine(const Plane& score) {
    Plane mask;
    if (threshold_ >= 0) {
        mask = enlarged(score, width_, height_);
        cv::Mat mat = mat_of(mask);
        cv::threshold(mat, mat, threshold_, 255, cv::THRESH_BINARY);
        mask = averaged(std::move(mask));
    } else {
        mask = enlarged(averaged(score), width_, height_);
    }
    filter(mask, dilate_, erode_, blur_);
    return mask;
}

void MaskRefiner::reset() {
    last_.clear();
}

Plane MaskRefiner::averaged(Plane mask) {
    if (average_ == 1) return mask;
    const bool same_size = last_.empty() || (last_.front().width() == mask.width() &&
                                             last_.front().height() == mask.height());
    if (!same_size) last_.clear();
    last_.push_back(std::move(mask));
    if (last_.size() > average_) last_.pop_front();
    if (last_.size() == 1) return last_.front();

    Plane mean(last_.front().width(), last_.front().height());
    sum_.assign(static_cast<std::size_t>(mean.width()) * static_cast<std::size_t>(mean.height()),
                0.0F);
    cv::Mat sum(mean.height(), mean.width(), CV_32F, sum_.data());
    for (const Plane& one : last_)
        cv::accumulate(mat_of(one), sum);
    sum.convertTo(mat_of(mean), CV_8U, 1.0 / static_cast<double>(last_.size()));
    return mean;
}

}  // namespace scrim
