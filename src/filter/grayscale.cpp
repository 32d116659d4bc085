#include "filter/grayscale.h"

namespace scrim {
namespace {

class Grayscale final : public Filter {
  public:
    void bind(Schema& /*schema*/) override {}

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        neutral_ = Plane::filled(chroma_size(stream.width), chroma_size(stream.height), 128);
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        image.u = neutral_;
        image.v = neutral_;
    }

  private:
    Plane neutral_;
};

}  // namespace

std::unique_ptr<Filter> make_grayscale() {
    return std::make_unique<Grayscale>();
}

}  // namespace scrim
