#include "filter/vignette.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <libyuv.h>

#include "filter/plane_math.h"
#include "frame/color.h"

namespace scrim {
namespace {

/// Mixes every plane with its black, by a plane of weights that is drawn once.
class Vignette final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.number("strength", strength_, {0, 1},
                      "0 changes nothing, 1 makes the corners black");
        schema.number("radius", radius_, {0, 1},
                      "where the darkening begins: 0 in the centre, 1 in the corners");
        schema.number("softness", softness_, {0, 2},
                      "the way from no darkening to all of it; 0 gives a hard edge");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        light_ = Plane(stream.width, stream.height);
        std::uint8_t* row = light_.overwritable();
        for (int y = 0; y < stream.height; ++y, row += light_.stride()) {
            for (int x = 0; x < stream.width; ++x) {
                const double distance =
                    std::hypot(from_centre(x, stream.width), from_centre(y, stream.height)) /
                    std::sqrt(2.0);
                row[x] = byte_of(255 * light_at(distance));
            }
        }
        chroma_light_ = luma_under_chroma(light_);
        const auto width = static_cast<std::size_t>(stream.width);
        black_.assign(width, byte_of(levels(stream.tags.range).luma_offset));
        neutral_.assign(width, 128);
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (strength_ == 0) return;
        image.y = mixed(image.y, light_, black_);
        image.u = mixed(image.u, chroma_light_, neutral_);
        image.v = mixed(image.v, chroma_light_, neutral_);
    }

  private:
    /// -1..1 from edge to edge, so that the darkening has the picture's shape.
    static double from_centre(int i, int size) { return (2 * i + 1.0) / size - 1; }

    /// A smooth step (3t^2 - 2t^3) from 1 down.
    double light_at(double distance) const {
        const double way = std::max(softness_, 1e-6);
        const double t = std::clamp((distance - radius_) / way, 0.0, 1.0);
        return 1 - strength_ * t * t * (3 - 2 * t);
    }

    static Plane mixed(const Plane& in, const Plane& light, const std::vector<std::uint8_t>& dark) {
        Plane out(in.width(), in.height());
        constexpr int same_row_again = 0;
        libyuv::BlendPlane(in.data(), in.stride(), dark.data(), same_row_again, light.data(),
                           light.stride(), out.overwritable(), out.stride(), in.width(),
                           in.height());
        return out;
    }

    double strength_ = 0.6;
    double radius_ = 0.4;
    double softness_ = 0.6;
    Plane light_;
    Plane chroma_light_;
    std::vector<std::uint8_t> black_;
    std::vector<std::uint8_t> neutral_;
};

}  // namespace

std::unique_ptr<Filter> make_vignette() {
    return std::make_unique<Vignette>();
}

}  // namespace scrim
