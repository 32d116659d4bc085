#include "filter/image.h"

#include <filesystem>
#include <vector>

#include "filter/fitting.h"
#include "filter/placeholder.h"

namespace scrim {
namespace {

class Image final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.path("image_path", path_, "the picture; relative to the configuration's folder")
            .required();
        bind_interpolation(schema, interpolation_);
        bind_fit(schema, fit_);
    }

    void prepare(const StreamContext& stream) override {
        const auto fitter = [fit = fit_, interpolation = interpolation_,
                             stream](const Pixels& pixels) {
            return fitted(pixels, fit, interpolation, stream);
        };
        const auto open = [&] {
            const ClipReel::Options options{.only_pictures = true};
            return play(std::make_unique<ClipReel>(path_, options, fitter), animation_memory,
                        stream.live);
        };
        playing_ =
            play_or_stand_in(path_, open, checkerboard(stream.width, stream.height, stream.tags));
    }

    FilterTraits traits() const override {
        return {.replaces_input = true, .changes = playing_.player && playing_.player->moves()};
    }
    std::string missing() const override { return playing_.missing; }
    std::vector<std::filesystem::path> files() const override { return {path_}; }

    void apply(Frame& image, const FrameContext& context) override {
        show(playing_.player->at(context.time), image);
    }

  private:
    std::filesystem::path path_;
    Interpolation interpolation_ = Interpolation::linear;
    Fit fit_ = Fit::stretch;
    Playing playing_;
};

}  // namespace

std::unique_ptr<Filter> make_image() {
    return std::make_unique<Image>();
}

}  // namespace scrim
