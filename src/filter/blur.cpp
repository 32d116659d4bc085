#include "filter/blur.h"

#include <algorithm>
#include <optional>

#include "filter/box_blur.h"
#include "filter/paint_over.h"

namespace scrim {
namespace {

Plane blurred(const Plane& in, cv::Size box, decltype(box_blur_luma)* blur) {
    Plane out(in.width(), in.height());
    blur(in, out, {0, 0, in.width(), in.height()}, box);
    return out;
}

class Blur final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.integer("intensity_x", x_, {-4096, 4096}, "width of the box in pixels");
        schema.integer("intensity_y", y_, {-4096, 4096}, "height of the box in pixels")
            .default_text("= intensity_x");
        schema.boolean("exclude_person", exclude_person_,
                       "keeps the person's colours out, so that no halo shows around them; for a "
                       "layer under the person");
    }

    FilterTraits traits() const override { return {.needs_mask = exclude_person_}; }

    void apply(Frame& image, const FrameContext& context) override {
        const cv::Size box(std::max(x_, 1), std::max(y_.value_or(x_), 1));
        if (box == cv::Size(1, 1)) return;
        if (exclude_person_ && context.mask != nullptr) person_.apply(image, *context.mask);
        image.y = blurred(image.y, box, box_blur_luma);
        image.u = blurred(image.u, box, box_blur_chroma);
        image.v = blurred(image.v, box, box_blur_chroma);
    }

  private:
    int x_ = 5;
    std::optional<int> y_;
    bool exclude_person_ = false;
    PaintOver person_;
};

}  // namespace

std::unique_ptr<Filter> make_blur() {
    return std::make_unique<Blur>();
}

}  // namespace scrim
