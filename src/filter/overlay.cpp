#include "filter/overlay.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include "filter/draw_over.h"
#include "filter/fitting.h"
#include "filter/overlay_place.h"
#include "filter/placeholder.h"
#include "frame/convert.h"
#include "util/error.h"

namespace scrim {
namespace {

void fade(cv::Mat& rgba, double opacity) {
    for (int y = 0; y < rgba.rows; ++y) {
        auto* const row = rgba.ptr<cv::Vec4b>(y);
        for (int x = 0; x < rgba.cols; ++x)
            row[x][3] = static_cast<std::uint8_t>(std::lround(row[x][3] * opacity));
    }
}

/// How a picture becomes what is drawn of it.
struct Drawing {
    cv::Rect picture;  // where it lies, perhaps outside of the frame
    cv::Rect visible;  // the part of it within
    cv::Rect blocks;   // the same, grown to whole 2x2 blocks: those have one chroma value each
    double opacity = 1;
    Interpolation interpolation = Interpolation::linear;
    ColorTags tags;

    Drawing(const cv::Rect& where, const StreamContext& stream)
        : picture(where),
          visible(where & cv::Rect(0, 0, stream.width, stream.height)),
          tags(stream.tags) {
        const int right = std::min(visible.br().x + visible.br().x % 2, stream.width);
        const int bottom = std::min(visible.br().y + visible.br().y % 2, stream.height);
        const int left = visible.x - visible.x % 2;
        const int top = visible.y - visible.y % 2;
        blocks = {left, top, right - left, bottom - top};
    }

    /// Empty where nothing of it is within the frame.
    Frame operator()(const Picture& pixels) const {
        if (visible.empty()) return {};
        const cv::Mat scaled = resized(pixels, picture.size(), interpolation);
        cv::Mat canvas(blocks.size(), CV_8UC4, cv::Scalar::all(0));
        scaled(visible - picture.tl()).copyTo(canvas(visible - blocks.tl()));
        if (opacity < 1) fade(canvas, opacity);
        return from_rgba(canvas.data, static_cast<int>(canvas.step[0]), canvas.cols, canvas.rows,
                         tags);
    }
};

Picture checkered_picture(cv::Size size) {
    const Frame frame = checkerboard(size.width, size.height, {Matrix::bt601, Range::full});
    Picture picture;
    picture.width = size.width;
    picture.height = size.height;
    picture.rgba.resize(std::size_t{4} * static_cast<std::size_t>(size.area()));
    to_rgba(frame, picture.rgba.data(), 4 * size.width);
    return picture;
}

/// The size of the file's first picture. Throws Error.
cv::Size size_of_picture(const std::filesystem::path& path) {
    const auto clip = open_clip(path, {.only_pictures = true});
    if (!clip->next()) throw Error("cannot open {}: there is no picture in it", path.string());
    const PixelSize size = size_of(clip->pixels());
    return {size.width, size.height};
}

class Overlay final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.path("image_path", path_, "the picture; relative to the configuration's folder")
            .required();
        place_.bind(schema);
        schema.number("opacity", opacity_, {0, 1}, "0 = invisible, 1 = as the picture is");
        bind_interpolation(schema, interpolation_);
    }

    void prepare(const StreamContext& stream) override {
        const auto open = [&] {
            const Drawing drawing = drawing_of(size_of_picture(path_), stream);
            corner_ = drawing.blocks.tl();
            const ClipReel::Options options{.only_pictures = true};
            const auto fitter = [drawing](const Pixels& pixels) {
                return drawing(std::get<Picture>(pixels));
            };
            return play(std::make_unique<ClipReel>(path_, options, fitter), animation_memory,
                        stream.live);
        };
        const Drawing drawing = drawing_of({64, 64}, stream);
        const Frame stand_in = drawing(checkered_picture(drawing.picture.size()));
        playing_ = play_or_stand_in(path_, open, stand_in);
        if (!playing_.missing.empty()) corner_ = drawing.blocks.tl();
    }

    FilterTraits traits() const override {
        return {.changes = playing_.player && playing_.player->moves()};
    }
    std::string missing() const override { return playing_.missing; }
    std::vector<std::filesystem::path> files() const override { return {path_}; }

    void apply(Frame& image, const FrameContext& context) override {
        const Frame& picture = playing_.player->at(context.time);
        if (!picture.empty()) draw_over(image, picture, corner_.x, corner_.y);
    }

  private:
    Drawing drawing_of(cv::Size picture, const StreamContext& stream) const {
        Drawing drawing(place_.rectangle(picture, {stream.width, stream.height}), stream);
        drawing.opacity = opacity_;
        drawing.interpolation = interpolation_;
        return drawing;
    }

    std::filesystem::path path_;
    OverlayPlace place_;
    double opacity_ = 1;
    Interpolation interpolation_ = Interpolation::linear;

    cv::Point corner_;  // where it is drawn
    Playing playing_;
};

}  // namespace

std::unique_ptr<Filter> make_overlay() {
    return std::make_unique<Overlay>();
}

}  // namespace scrim
