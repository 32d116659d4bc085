#include "filter/webcam.h"

#include <exception>
#include <string>

#include "filter/fitting.h"
#include "filter/placeholder.h"
#include "util/error.h"
#include "util/log.h"

namespace scrim {
namespace {

class Webcam final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema
            .text("device", device_,
                  "the camera, like real_video_device: a number, a device, a file or a URL")
            .required();
        bind_fit(schema, fit_);
        bind_interpolation(schema, interpolation_);
    }

    FilterTraits traits() const override { return {.replaces_input = true, .changes = true}; }

    void prepare(const StreamContext& stream) override {
        stream_ = stream;
        missing_.clear();
        feed_.reset();
        newest_ = Frame();
        placeholder_ = checkerboard(stream.width, stream.height, stream.tags);
        shown_ = placeholder_;
        if (stream.open_camera == nullptr) return;
        try {
            feed_ = stream.open_camera(device_);
        } catch (const Error& error) {
            missing_ = error.what();
        }
    }

    std::string missing() const override { return missing_; }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (feed_ != nullptr) update(feed_->newest());
        show(shown_, image);
    }

  private:
    /// A picture that was fitted before is not fitted again.
    void update(const Frame& picture) {
        if (picture.empty()) {  // none yet, or none any more
            shown_ = placeholder_;
            newest_ = Frame();
            return;
        }
        if (picture.y.shares_pixels_with(newest_.y)) return;
        newest_ = picture;  // held, so that no other picture takes its memory
        try {
            shown_ = fitted(picture, fit_, interpolation_, stream_);
        } catch (const std::exception& error) {
            static RateLimit limit(std::chrono::seconds(5));
            if (limit.pass()) spdlog::warn("webcam {}: {}", device_, error.what());
        }
    }

    std::string device_;
    Fit fit_ = Fit::stretch;
    Interpolation interpolation_ = Interpolation::linear;

    StreamContext stream_;
    std::shared_ptr<CameraFeed> feed_;
    std::string missing_;
    Frame placeholder_;
    Frame newest_;  // of the feed ...
    Frame shown_;   // ... and what was made of it
};

}  // namespace

std::unique_ptr<Filter> make_webcam() {
    return std::make_unique<Webcam>();
}

}  // namespace scrim
