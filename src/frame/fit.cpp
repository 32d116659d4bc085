#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "frame/convert.h"
#include "frame/mat.h"

namespace scrim {
namespace {

struct Box {
    int x, y, width, height;
};

/// Where a picture goes in a frame. A bar narrower than two pixels is a rounding, not another
/// shape; whole chroma pixels lie on both sides of an edge.
Box box_within(const Frame& picture, int width, int height) {
    const double scale = std::min(static_cast<double>(width) / picture.width(),
                                  static_cast<double>(height) / picture.height());
    const auto side = [scale](int from, int most) {
        const int scaled = std::clamp(static_cast<int>(std::lround(from * scale)), 1, most);
        return most - scaled < 4 ? most : scaled;
    };
    Box box{0, 0, side(picture.width(), width), side(picture.height(), height)};
    box.x = (width - box.width) / 2 / 2 * 2;
    box.y = (height - box.height) / 2 / 2 * 2;
    return box;
}

void scale_into(const Plane& in, Plane& out, Box box) {
    const bool smaller = box.width <= in.width() && box.height <= in.height();
    cv::Mat target = mat_of(out)(cv::Rect(box.x, box.y, box.width, box.height));
    cv::resize(mat_of(in), target, target.size(), 0, 0,
               smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
}

}  // namespace

Frame fitted(const Frame& frame, int width, int height) {
    if (frame.width() == width && frame.height() == height) return frame;
    Frame out = solid_frame(width, height, frame.tags, yuv_of_rgb(0, 0, 0, frame.tags));
    const Box box = box_within(frame, width, height);
    const Box chroma{box.x / 2, box.y / 2, chroma_size(box.width), chroma_size(box.height)};
    scale_into(frame.y, out.y, box);
    scale_into(frame.u, out.u, chroma);
    scale_into(frame.v, out.v, chroma);
    out.sequence = frame.sequence;
    out.captured = frame.captured;
    return out;
}

}  // namespace scrim
