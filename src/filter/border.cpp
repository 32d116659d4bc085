#include "filter/border.h"

#include "filter/silhouette.h"
#include "filter/straight_alpha.h"

namespace scrim {
namespace {

class Border final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.integer("width", width_, {0, 64}, "in pixels");
        schema.integer("r", r_, {0, 255}, "red");
        schema.integer("g", g_, {0, 255}, "green");
        schema.integer("b", b_, {0, 255}, "blue");
        schema.number("softness", softness_, {0, 64},
                      "width in pixels in which it fades away; 0 = as sharp as the person's edge");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        color_ = solid_frame(stream.width, stream.height, stream.tags,
                             yuv_of_rgb(r_, g_, b_, stream.tags));
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (image.opaque() || width_ == 0) return;  // nothing of the outline would be seen
        Frame outline = color_;
        outline.alpha = softened(dilated(image.alpha, width_), softness_ / 2);
        lay_under(image, outline);
    }

  private:
    int width_ = 4;
    int r_ = 255;
    int g_ = 255;
    int b_ = 255;
    double softness_ = 0;
    Frame color_;
};

}  // namespace

std::unique_ptr<Filter> make_border() {
    return std::make_unique<Border>();
}

}  // namespace scrim
