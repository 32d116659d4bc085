#include "filter/image.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "frame/convert.h"
#include "frame/picture.h"

namespace scrim {
namespace {

enum class Interpolation : std::uint8_t { linear, nearest };

/// Linear like the predecessor's up to half the size, where each pixel of the picture still counts;
/// smaller than that it would skip pixels and sparkle, so that area averaging goes first.
cv::Mat stretched(const cv::Mat& picture, cv::Size size) {
    const cv::Size between(picture.cols > 2 * size.width ? size.width : picture.cols,
                           picture.rows > 2 * size.height ? size.height : picture.rows);
    cv::Mat smaller = picture;
    if (between != picture.size()) cv::resize(picture, smaller, between, 0, 0, cv::INTER_AREA);
    cv::Mat out;
    cv::resize(smaller, out, size, 0, 0, cv::INTER_LINEAR);
    return out;
}

/// The colour of invisible pixels must not come to light at the edges: colours go through scaling
/// multiplied with their alpha (in 16 bits, so that nothing is lost).
cv::Mat stretched_with_alpha(const cv::Mat& picture, cv::Size size) {
    cv::Mat weighted(picture.size(), CV_16UC4);
    for (int y = 0; y < picture.rows; ++y) {
        const auto* in = picture.ptr<cv::Vec4b>(y);
        auto* out = weighted.ptr<cv::Vec4w>(y);
        for (int x = 0; x < picture.cols; ++x) {
            const int alpha = in[x][3];
            for (int i = 0; i < 3; ++i)
                out[x][i] = static_cast<std::uint16_t>(in[x][i] * alpha);
            out[x][3] = static_cast<std::uint16_t>(255 * alpha);
        }
    }
    weighted = stretched(weighted, size);
    cv::Mat result(size, CV_8UC4);
    for (int y = 0; y < size.height; ++y) {
        const auto* in = weighted.ptr<cv::Vec4w>(y);
        auto* out = result.ptr<cv::Vec4b>(y);
        for (int x = 0; x < size.width; ++x) {
            const int alpha = in[x][3];
            for (int i = 0; i < 3; ++i) {
                const int color = alpha == 0 ? 0 : (in[x][i] * 255 + alpha / 2) / alpha;
                out[x][i] = static_cast<std::uint8_t>(std::min(color, 255));
            }
            out[x][3] = static_cast<std::uint8_t>((alpha + 127) / 255);
        }
    }
    return result;
}

bool has_alpha(const Picture& picture) {
    for (std::size_t i = 3; i < picture.rgba.size(); i += 4) {
        if (picture.rgba[i] != 255) return true;
    }
    return false;
}

class Image final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.path("image_path", path_, "the picture; relative to the configuration's folder")
            .required();
        schema.choice("interpolation_method", interpolation_,
                      {{"LINEAR", Interpolation::linear}, {"NEAREST", Interpolation::nearest}},
                      "how it is scaled; NEAREST keeps hard pixels");
    }

    FilterTraits traits() const override { return {.replaces_input = true}; }

    void prepare(const StreamContext& stream) override {
        Picture picture = read_picture(path_);
        const cv::Mat pixels(picture.height, picture.width, CV_8UC4, picture.rgba.data());
        const cv::Size size(stream.width, stream.height);
        cv::Mat fitted;
        if (interpolation_ == Interpolation::nearest) {
            cv::resize(pixels, fitted, size, 0, 0, cv::INTER_NEAREST);
        } else if (has_alpha(picture)) {
            fitted = stretched_with_alpha(pixels, size);
        } else {
            fitted = stretched(pixels, size);
        }
        picture_ = from_rgba(fitted.data, static_cast<int>(fitted.step[0]), size.width, size.height,
                             stream.tags);
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        image.y = picture_.y;
        image.u = picture_.u;
        image.v = picture_.v;
        image.alpha = picture_.alpha;
    }

  private:
    std::filesystem::path path_;
    Interpolation interpolation_ = Interpolation::linear;
    Frame picture_;
};

}  // namespace

std::unique_ptr<Filter> make_image() {
    return std::make_unique<Image>();
}

}  // namespace scrim
