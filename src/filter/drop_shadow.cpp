#include "filter/drop_shadow.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <opencv2/core.hpp>

#include "filter/silhouette.h"
#include "filter/straight_alpha.h"
#include "frame/mat.h"

namespace scrim {
namespace {

/// The plane moved right and down, its edges repeated: who is cut off by the frame goes on outside
/// of it, and so does the shadow. Multiplied by `opacity`.
Plane cast(const Plane& in, int right, int down, double opacity) {
    const int width = in.width();
    const int height = in.height();
    right = std::clamp(right, 1 - width, width - 1);
    Plane out(width, height);
    std::uint8_t* row = out.overwritable();
    const int to = std::max(right, 0);
    const int from = std::max(-right, 0);
    const int count = width - std::abs(right);
    for (int y = 0; y < height; ++y, row += out.stride()) {
        const std::uint8_t* const source = in.row(std::clamp(y - down, 0, height - 1));
        std::fill_n(row, to, source[0]);
        std::memcpy(row + to, source + from, static_cast<std::size_t>(count));
        std::fill_n(row + to + count, width - to - count, source[width - 1]);
    }
    if (opacity < 1) {
        cv::Mat pixels = mat_of(out);
        pixels.convertTo(pixels, CV_8U, opacity);
    }
    return out;
}

class DropShadow final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.integer("x", x_, {-16384, 16384}, "to the right, in pixels");
        schema.integer("y", y_, {-16384, 16384}, "down, in pixels");
        schema.number("blur", blur_, {0, 200},
                      "how soft, in pixels: twice the Gaussian's standard deviation, as in CSS");
        schema.number("opacity", opacity_, {0, 1}, "how dark");
        schema.integer("r", r_, {0, 255}, "red");
        schema.integer("g", g_, {0, 255}, "green");
        schema.integer("b", b_, {0, 255}, "blue");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        color_ = solid_frame(stream.width, stream.height, stream.tags,
                             yuv_of_rgb(r_, g_, b_, stream.tags));
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (image.opaque() || opacity_ == 0) return;  // nothing of the shadow would be seen
        Frame shadow = color_;
        shadow.alpha = cast(softened(image.alpha, blur_ / 2), x_, y_, opacity_);
        lay_under(image, shadow);
    }

  private:
    int x_ = 12;
    int y_ = 12;
    double blur_ = 24;
    double opacity_ = 0.5;
    int r_ = 0;
    int g_ = 0;
    int b_ = 0;
    Frame color_;
};

}  // namespace

std::unique_ptr<Filter> make_drop_shadow() {
    return std::make_unique<DropShadow>();
}

}  // namespace scrim
