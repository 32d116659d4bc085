#include "filter/flip.h"

#include <utility>

#include <libyuv.h>

namespace scrim {
namespace {

class Flip final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.boolean("horizontal", horizontal_, "left becomes right");
        schema.boolean("vertical", vertical_, "top becomes bottom");
    }

    FilterTraits traits() const override { return {}; }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (!horizontal_ && !vertical_) return;
        const bool odd_width = image.width() % 2 != 0;
        const bool odd_height = image.height() % 2 != 0;
        image.y = mirrored(image.y);
        image.u = sited(mirrored(image.u), odd_width, odd_height);
        image.v = sited(mirrored(image.v), odd_width, odd_height);
        if (!image.opaque()) image.alpha = mirrored(image.alpha);
    }

  private:
    Plane mirrored(const Plane& in) const {
        Plane out(in.width(), in.height());
        // libyuv turns a picture of negative height upside down
        const int height = vertical_ ? -in.height() : in.height();
        const auto copy = horizontal_ ? libyuv::MirrorPlane : libyuv::CopyPlane;
        copy(in.data(), in.stride(), out.overwritable(), out.stride(), in.width(), height);
        return out;
    }

    /// Along an odd side the chroma pixels cover other pairs of luma pixels after mirroring than
    /// before: each is half of one and half of its neighbour, the last covers a single luma pixel.
    Plane sited(Plane chroma, bool odd_width, bool odd_height) const {
        constexpr int half = 128;
        const int width = chroma.width();
        const int height = chroma.height();
        if (horizontal_ && odd_width && width > 1) {
            const Plane in = chroma;
            std::uint8_t* const out = chroma.writable();
            libyuv::InterpolatePlane(in.data(), in.stride(), in.data() + 1, in.stride(), out,
                                     chroma.stride(), width - 1, height, half);
        }
        if (vertical_ && odd_height && height > 1) {
            const Plane in = chroma;
            std::uint8_t* const out = chroma.writable();
            libyuv::InterpolatePlane(in.data(), in.stride(), in.row(1), in.stride(), out,
                                     chroma.stride(), width, height - 1, half);
        }
        return chroma;
    }

    bool horizontal_ = true;
    bool vertical_ = false;
};

}  // namespace

std::unique_ptr<Filter> make_flip() {
    return std::make_unique<Flip>();
}

}  // namespace scrim
