#include "filter/video.h"

#include <filesystem>
#include <vector>

#include "filter/fitting.h"
#include "filter/placeholder.h"

namespace scrim {
namespace {

/// The video plays as fast as its file says, and `target_fps` is how many pictures a second of it
/// are taken. The predecessor took every n-th picture, n = file's rate / target_fps rounded up,
/// which is the same where the rates divide, and too fast or too slow where they do not.
class Video final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.path("video_path", path_, "the video; relative to the configuration's folder")
            .required();
        schema.number("target_fps", pictures_per_second_, {0, 240},
                      "how many pictures a second of it are shown; 0 = all that it has");
        bind_interpolation(schema, interpolation_);
        schema.boolean("lazy", lazy_,
                       "decode it as it plays; false: hold it in memory, if it is short enough");
        bind_fit(schema, fit_);
    }

    void prepare(const StreamContext& stream) override {
        const auto fitter = [fit = fit_, interpolation = interpolation_,
                             stream](const Pixels& pixels) {
            return fitted(pixels, fit, interpolation, stream);
        };
        const auto open = [&] {
            const ClipReel::Options options{.pictures_per_second = pictures_per_second_};
            constexpr std::size_t held_memory = std::size_t{512} << 20;
            return play(std::make_unique<ClipReel>(path_, options, fitter), lazy_ ? 0 : held_memory,
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
    double pictures_per_second_ = 10;
    Interpolation interpolation_ = Interpolation::linear;
    bool lazy_ = true;
    Fit fit_ = Fit::stretch;
    Playing playing_;
};

}  // namespace

std::unique_ptr<Filter> make_video() {
    return std::make_unique<Video>();
}

}  // namespace scrim
