#include "sink/v4l2loopback/v4l2loopback_sink.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

#include <poll.h>

#include "frame/convert.h"
#include "sink/v4l2loopback/audience.h"
#include "sink/v4l2loopback/loopback_device.h"
#include "util/log.h"
#include "v4l2/buffers.h"
#include "v4l2/formats.h"
#include "v4l2/layout.h"

namespace scrim {
namespace {

constexpr auto queue_type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
constexpr auto patience = std::chrono::milliseconds(100);
// A picture's own time is passed on if it can be one of a live picture.
constexpr auto oldest_live = std::chrono::seconds(10);

timeval time_stamp(const Frame& frame) {
    const Time now = Clock::now();
    const bool live = frame.captured <= now && frame.captured > now - oldest_live;
    const auto since_start = std::chrono::duration_cast<std::chrono::microseconds>(
        (live ? frame.captured : now).time_since_epoch());
    return {since_start.count() / 1'000'000, since_start.count() % 1'000'000};
}

class LoopbackSink final : public Sink {
  public:
    explicit LoopbackSink(LoopbackDevice loopback);
    LoopbackSink(const LoopbackSink&) = delete;
    LoopbackSink& operator=(const LoopbackSink&) = delete;
    ~LoopbackSink() override { stop(); }

    const std::string& name() const override { return name_; }
    void write(const Frame& frame) override;
    bool watch_audience(std::function<void(bool)> changed) override {
        if (!fd_) return false;
        audience_.emplace(fd_.get(), path_, std::move(changed));
        return audience_->tells();
    }
    void finish() override { stop(); }

  private:
    void start(int buffers);
    void stop() noexcept;
    void hand_over(const Frame& frame);
    bool reclaim();
    const v4l2::Mapping& memory_of(v4l2_buffer& buffer) const;
    void convert(const Frame& frame, std::uint8_t* out) const;

    Fd fd_;
    PixelFormat format_;
    v4l2::Layout layout_;
    int width_;
    int height_;
    std::string path_;
    std::string name_;
    std::vector<std::shared_ptr<const v4l2::Mapping>> mappings_;
    std::size_t queued_ = 0;  // buffers that the driver has
    std::uint32_t next_ = 0;
    std::uint32_t sequence_ = 0;
    RateLimit drop_warning_{std::chrono::seconds(10)};
    std::optional<Audience> audience_;  // uses the descriptor
};

LoopbackSink::LoopbackSink(LoopbackDevice loopback)
    : fd_(std::move(loopback.fd)),
      format_(loopback.format),
      layout_(v4l2::layout_of(loopback.format, loopback.pix)),
      width_(static_cast<int>(loopback.pix.width)),
      height_(static_cast<int>(loopback.pix.height)),
      path_(loopback.device.path),
      name_(fmt::format("{} ({}), {} {}x{}", loopback.device.path, loopback.device.card,
                        v4l2::fourcc_text(v4l2::fourcc_of(format_)), width_, height_)) {
    try {
        start(loopback.buffers);
    } catch (...) {
        stop();
        throw;
    }
}

void LoopbackSink::start(int buffers) {
    mappings_ = v4l2::map_buffers(fd_.get(), queue_type, buffers);
    for (const auto& mapping : mappings_) {
        if (mapping->size() < layout_.size) {
            throw Error("{} has buffers of {} bytes for pictures of {}", name_, mapping->size(),
                        layout_.size);
        }
    }
    if (v4l2::stream_on(fd_.get(), queue_type) == 0) return;
    throw Error("{} does not start: {}", name_, system_message(errno));
}

void LoopbackSink::stop() noexcept {
    audience_.reset();
    if (!fd_) return;
    v4l2::stream_off(fd_.get(), queue_type);
    mappings_.clear();
    v4l2::request_buffers(fd_.get(), queue_type, 0);
    fd_ = Fd();
}

/// After an error the device is closed, so that it can be opened again.
void LoopbackSink::write(const Frame& frame) {
    if (!fd_) throw Error("{} is closed", name_);
    if (frame.width() != width_ || frame.height() != height_) {
        throw Error("{} got a picture of {}x{}", name_, frame.width(), frame.height());
    }
    try {
        hand_over(frame);
    } catch (...) {
        stop();
        throw;
    }
}

void LoopbackSink::hand_over(const Frame& frame) {
    if (!reclaim()) {
        if (drop_warning_.pass()) spdlog::warn("{}: no free buffer, dropped a picture", name_);
        return;
    }
    // Whatever buffer the driver offers: up to 0.13 it is the one written last, which a reader may
    // be looking at. Taking them in turn is what 0.15 does, and all versions accept it.
    v4l2_buffer buffer = v4l2::buffer_of(queue_type, next_);
    convert(frame, memory_of(buffer).data());

    const std::uint32_t index = next_;
    buffer = v4l2::buffer_of(queue_type, index);
    buffer.bytesused = static_cast<std::uint32_t>(layout_.size);
    buffer.field = V4L2_FIELD_NONE;
    buffer.timestamp = time_stamp(frame);
    buffer.sequence = sequence_++;
    if (v4l2::retry_ioctl(fd_.get(), VIDIOC_QBUF, &buffer) < 0) {
        throw Error("{} takes no more pictures: {}", name_, system_message(errno));
    }
    ++queued_;
    next_ = (index + 1) % static_cast<std::uint32_t>(mappings_.size());
}

/// Gets a buffer back from the driver if it has them all. False: it keeps them.
bool LoopbackSink::reclaim() {
    const Time until = Clock::now() + patience;
    while (queued_ >= mappings_.size()) {
        v4l2_buffer buffer = v4l2::buffer_of(queue_type, 0);
        if (v4l2::retry_ioctl(fd_.get(), VIDIOC_DQBUF, &buffer) == 0) {
            --queued_;
            return true;
        }
        if (errno != EAGAIN) {
            throw Error("{} gives no buffer back: {}", name_, system_message(errno));
        }
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        pollfd file{fd_.get(), POLLOUT, 0};
        if (left <= 0 || ::poll(&file, 1, static_cast<int>(left)) == 0) return false;
    }
    return true;
}

/// Where a buffer lies now. Up to 0.13, a reader that asks for fewer buffers than we have makes the
/// driver fold ours onto the first few, at any time.
const v4l2::Mapping& LoopbackSink::memory_of(v4l2_buffer& buffer) const {
    const auto& own = *mappings_[buffer.index];
    if (v4l2::retry_ioctl(fd_.get(), VIDIOC_QUERYBUF, &buffer) < 0) return own;
    const auto at = std::find_if(
        mappings_.begin(), mappings_.end(),
        [&buffer](const auto& mapping) { return mapping->offset() == buffer.m.offset; });
    return at == mappings_.end() ? own : **at;
}

void LoopbackSink::convert(const Frame& frame, std::uint8_t* out) const {
    if (format_ == PixelFormat::yuyv) {
        to_yuyv(frame, out, layout_.stride[0]);
        return;
    }
    to_yu12(frame, out, layout_.stride[0], out + layout_.offset[1], layout_.stride[1],
            out + layout_.offset[2], layout_.stride[2]);
}

}  // namespace

bool accepts_v4l2loopback(const SinkRequest& request) {
    return request.target.empty() || v4l2::names_device(request.target);
}

std::unique_ptr<Sink> open_v4l2loopback(const SinkRequest& request) {
    return std::make_unique<LoopbackSink>(open_loopback(request));
}

ColorTags v4l2loopback_tags(ColorTags /*source_tags*/) {
    return {Matrix::bt601, Range::limited};
}

}  // namespace scrim
