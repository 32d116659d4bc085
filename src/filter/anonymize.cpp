#include "filter/anonymize.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "filter/box_blur.h"
#include "filter/face_memory.h"
#include "frame/mat.h"

namespace scrim {
namespace {

constexpr int most_pixels = 4096;

/// Around both eyes, brows and temples included. Eyes of a face that looks aside are close to each
/// other, but not smaller: then the face's height tells their size.
Face eyes_of(const Face& face, int width, int height) {
    if (!face.eyes) return face;
    constexpr double least_distance = 0.35;  // of the face's height
    constexpr double beside = 0.6;           // of the distance
    constexpr double above_and_below = 0.45;
    const auto& [right, left] = *face.eyes;
    const double distance =
        std::max(std::hypot((left.x - right.x) * width, (left.y - right.y) * height),
                 least_distance * (face.bottom - face.top) * height);
    Face eyes;
    eyes.left = std::min(left.x, right.x) - beside * distance / width;
    eyes.right = std::max(left.x, right.x) + beside * distance / width;
    eyes.top = std::min(left.y, right.y) - above_and_below * distance / height;
    eyes.bottom = std::max(left.y, right.y) + above_and_below * distance / height;
    return eyes;
}

/// The pixels that a side of `size` has before and behind; what is no number hides all of them.
struct Span {
    Span(double low, double high, int padding, int size) {
        const double from = std::floor(low * size) - padding;
        const double to = std::ceil(high * size) + padding;
        begin = from > 0 ? static_cast<int>(std::min<double>(from, size)) : 0;
        end = to < size ? static_cast<int>(std::max<double>(to, 0)) : size;
    }
    int begin, end;
};

cv::Rect pixels_of(const Face& face, int padding, int width, int height) {
    const Span x(face.left, face.right, padding, width);
    const Span y(face.top, face.bottom, padding, height);
    return {cv::Point(x.begin, y.begin), cv::Point(x.end, y.end)};
}

/// The chroma pixels of these luma pixels.
cv::Rect chroma_of(const cv::Rect& luma) {
    return {cv::Point(luma.x / 2, luma.y / 2),
            cv::Point(chroma_size(luma.x + luma.width), chroma_size(luma.y + luma.height))};
}

class Anonymize final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.integer(
            "blur", blur_, {0, most_pixels},
            "width of the box in pixels, 0 = black; a large face can still be recognised "
            "if it is less than about a third of the face's width");
        schema.integer("padding", padding_, {0, most_pixels},
                       "how many pixels around the face are kept, too");
        schema.boolean("secure", secure_,
                       "covers the whole picture while no face is found, or nobody can tell");
        schema.boolean("eyes_only", eyes_only_, "only the eyes, not the whole face");
    }

    FilterTraits traits() const override { return {.needs_faces = true}; }

    void prepare(const StreamContext& stream) override {
        black_ = yuv_of_rgb(0, 0, 0, stream.tags);
        memory_ = {};
    }

    void apply(Frame& image, const FrameContext& context) override {
        const std::vector<Face>& faces = memory_.update(context.faces, context.time);
        const bool found = context.faces != nullptr && !context.faces->empty();
        const int width = image.width();
        const int height = image.height();
        hidden_.clear();
        if (secure_ && !found) {
            hidden_.emplace_back(0, 0, width, height);
        } else {
            for (const Face& face : faces) {
                const cv::Rect part = pixels_of(eyes_only_ ? eyes_of(face, width, height) : face,
                                                padding_, width, height);
                if (!part.empty()) hidden_.push_back(part);
            }
        }
        cover(image);
        keep_hidden(image);
    }

  private:
    void cover(Frame& image) const {
        if (hidden_.empty()) return;
        if (blur_ == 0) {
            paint(image);
            return;
        }
        const Frame sharp = image;  // so that nothing is blurred twice where boxes overlap
        const cv::Size box(blur_, blur_);
        for (const cv::Rect& part : hidden_) {
            box_blur_luma(sharp.y, image.y, part, box);
            box_blur_chroma(sharp.u, image.u, chroma_of(part), box);
            box_blur_chroma(sharp.v, image.v, chroma_of(part), box);
        }
    }

    void paint(Frame& image) const {
        cv::Mat y = mat_of(image.y);
        cv::Mat u = mat_of(image.u);
        cv::Mat v = mat_of(image.v);
        for (const cv::Rect& part : hidden_) {
            y(part).setTo(black_.y);
            u(chroma_of(part)).setTo(black_.u);
            v(chroma_of(part)).setTo(black_.v);
        }
    }

    /// All other pixels become transparent.
    void keep_hidden(Frame& image) const {
        Plane alpha = Plane::filled(image.width(), image.height(), 0);
        cv::Mat visible = mat_of(alpha);
        for (const cv::Rect& part : hidden_) {
            if (image.opaque()) {
                visible(part).setTo(255);
            } else {
                mat_of(std::as_const(image.alpha))(part).copyTo(visible(part));
            }
        }
        image.alpha = std::move(alpha);
    }

    int blur_ = 20;
    int padding_ = 10;
    bool secure_ = false;
    bool eyes_only_ = false;
    YuvColor black_{};
    FaceMemory memory_;
    std::vector<cv::Rect> hidden_;  // what is covered of the present frame
};

}  // namespace

std::unique_ptr<Filter> make_anonymize() {
    return std::make_unique<Anonymize>();
}

}  // namespace scrim
