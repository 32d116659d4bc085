#include "filter/solid_color.h"

namespace scrim {
namespace {

class SolidColor final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.integer("r", r_, {0, 255}, "red");
        schema.integer("g", g_, {0, 255}, "green");
        schema.integer("b", b_, {0, 255}, "blue");
    }

    FilterTraits traits() const override { return {.replaces_input = true}; }

    void prepare(const StreamContext& stream) override {
        picture_ = solid_frame(stream.width, stream.height, stream.tags,
                               yuv_of_rgb(r_, g_, b_, stream.tags));
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        image.y = picture_.y;
        image.u = picture_.u;
        image.v = picture_.v;
        image.alpha = Plane();
    }

  private:
    int r_ = 0;
    int g_ = 0;
    int b_ = 0;
    Frame picture_;
};

}  // namespace

std::unique_ptr<Filter> make_solid_color() {
    return std::make_unique<SolidColor>();
}

}  // namespace scrim
