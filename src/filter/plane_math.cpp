#include "filter/plane_math.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "frame/frame.h"
#include "frame/mat.h"

namespace scrim {

Plane linear(const Plane& in, double scale, double offset) {
    Plane out(in.width(), in.height());
    cv::Mat result = mat_of(out);
    mat_of(in).convertTo(result, CV_8U, scale, offset);
    return out;
}

Plane mapped(const Plane& in, const ByteMap& table) {
    Plane out(in.width(), in.height());
    cv::Mat result = mat_of(out);
    cv::LUT(mat_of(in), cv::Mat(1, 256, CV_8U, const_cast<std::uint8_t*>(table.data())), result);
    return out;
}

Plane luma_under_chroma(const Plane& luma) {
    cv::Mat even = mat_of(luma);
    if (even.cols % 2 != 0 || even.rows % 2 != 0) {
        cv::Mat extended;
        cv::copyMakeBorder(even, extended, 0, even.rows % 2, 0, even.cols % 2,
                           cv::BORDER_REPLICATE);
        even = extended;
    }
    Plane out(chroma_size(luma.width()), chroma_size(luma.height()));
    cv::Mat result = mat_of(out);
    cv::resize(even, result, result.size(), 0, 0, cv::INTER_AREA);
    return out;
}

std::uint8_t byte_of(double value) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

}  // namespace scrim
