// Pictures in RGB, with and without alpha, into frames: by OpenCV's exact matrices, because libyuv
// knows only BT.601 in this direction and averages chroma in two rounding steps.
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "frame/color.h"
#include "frame/convert.h"
#include "frame/mat.h"

namespace scrim {
namespace {

cv::Mat borrowed_mat(const std::uint8_t* pixels, int stride, int width, int height, int type) {
    return {height, width, type, const_cast<std::uint8_t*>(pixels),
            static_cast<std::size_t>(stride)};
}

/// Row `index` of the RGB to YUV matrix, for cv::transform.
cv::Matx14f matrix_row(ColorTags tags, std::size_t index) {
    const auto row = rgb_to_yuv(tags)[index];
    return {static_cast<float>(row[0]), static_cast<float>(row[1]), static_cast<float>(row[2]),
            static_cast<float>(row[3])};
}

/// The mean of every 2x2 pixels (of 2x1, 1x2 or 1 at odd edges).
cv::Mat halved(const cv::Mat& in) {
    const int width = chroma_size(in.cols);
    const int height = chroma_size(in.rows);
    cv::Mat even = in;
    if (in.cols % 2 != 0 || in.rows % 2 != 0) {
        cv::copyMakeBorder(in, even, 0, in.rows % 2, 0, in.cols % 2, cv::BORDER_REPLICATE);
    }
    cv::Mat out;
    cv::resize(even, out, {width, height}, 0, 0, cv::INTER_AREA);
    return out;
}

/// Averages the colours in floating point at chroma resolution, then turns them into U and V.
void fill_chroma(const cv::Mat& mean_rgb, Frame& frame) {
    cv::Mat u = mat_of(frame.u);
    cv::Mat v = mat_of(frame.v);
    cv::Mat value;
    cv::transform(mean_rgb, value, matrix_row(frame.tags, 1));
    value.convertTo(u, CV_8U);
    cv::transform(mean_rgb, value, matrix_row(frame.tags, 2));
    value.convertTo(v, CV_8U);
}

}  // namespace

Frame from_rgb24(const std::uint8_t* rgb, int stride, int width, int height, ColorTags tags) {
    const cv::Mat in = borrowed_mat(rgb, stride, width, height, CV_8UC3);
    Frame frame(width, height, tags);
    cv::Mat y = mat_of(frame.y);
    cv::transform(in, y, matrix_row(tags, 0));
    cv::Mat colours;
    in.convertTo(colours, CV_32F);
    fill_chroma(halved(colours), frame);
    return frame;
}

Frame from_rgba(const std::uint8_t* rgba, int stride, int width, int height, ColorTags tags) {
    const cv::Mat in = borrowed_mat(rgba, stride, width, height, CV_8UC4);
    cv::Mat rgb;
    cv::cvtColor(in, rgb, cv::COLOR_RGBA2RGB);
    Frame frame = from_rgb24(rgb.data, static_cast<int>(rgb.step), width, height, tags);
    cv::Mat alpha;
    cv::extractChannel(in, alpha, 3);
    double least = 0;
    cv::minMaxLoc(alpha, &least);
    if (least == 255) return frame;

    frame.alpha = Plane(width, height);
    alpha.copyTo(mat_of(frame.alpha));
    // chroma again, weighted by alpha; where all four pixels are invisible the plain mean stays
    cv::Mat weight;
    cv::Mat weighted;
    cv::cvtColor(alpha, weighted, cv::COLOR_GRAY2RGB);
    weighted.convertTo(weighted, CV_32F, 1.0 / 255);
    cv::Mat colours;
    rgb.convertTo(colours, CV_32F);
    const cv::Mat plain = halved(colours);
    weight = halved(weighted);
    cv::multiply(colours, weighted, colours);
    cv::Mat mean;
    cv::divide(halved(colours), weight, mean);
    plain.copyTo(mean, weight == 0);
    fill_chroma(mean, frame);
    return frame;
}

}  // namespace scrim
