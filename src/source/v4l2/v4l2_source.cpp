#include "source/v4l2/v4l2_source.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>

#include <poll.h>

#include "source/interrupt.h"
#include "source/v4l2/camera.h"
#include "source/v4l2/capture_queue.h"
#include "source/v4l2/h264_decoder.h"
#include "source/v4l2/held_control.h"
#include "source/v4l2/incoming.h"
#include "v4l2/formats.h"

namespace scrim {
namespace {

// Cameras take a second or two until their sensor runs, some more; and one that sends broken
// pictures is not dead, and may settle.
constexpr Duration start_patience = std::chrono::seconds(5);
// Later, one that is silent for this long hangs. In the dark cameras fall to a few pictures a
// second, but not below one; and a busy USB bus may lose some in a row.
constexpr Duration least_patience = std::chrono::seconds(1);
constexpr int patience_in_pictures = 10;
constexpr auto moment = std::chrono::milliseconds(20);

Duration patience_for(const Camera& camera) {
    // The writer of a virtual camera may come and go.
    if (camera.device.loopback || camera.rate.value() <= 0) return start_patience;
    const std::chrono::duration<double> pictures(patience_in_pictures / camera.rate.value());
    return std::max(least_patience, std::chrono::duration_cast<Duration>(pictures));
}

class V4l2Source final : public Source {
  public:
    V4l2Source(Camera camera, bool keep_rate);
    V4l2Source(const V4l2Source&) = delete;
    V4l2Source& operator=(const V4l2Source&) = delete;
    ~V4l2Source() override { close(); }

    const StreamInfo& info() const override { return info_; }
    Counters counters() const override { return {delivered_, dropped_, stale_}; }
    std::optional<Captured> next() override;

    void interrupt() noexcept override { interrupt_.trigger(); }

  private:
    enum class Wait { ready, failed, time_out, interrupted };
    std::optional<Captured> wait_for_picture();
    Wait wait(Time until);
    std::optional<Captured> newest();
    std::optional<Captured> take(const v4l2_buffer& buffer);
    std::optional<Captured> decode(const v4l2_buffer& buffer, std::uint64_t sequence, bool whole);
    Captured refer_to(const v4l2_buffer& buffer, std::uint64_t sequence) const;
    void own(Captured& picture, std::uint32_t index);
    Duration patience() const;
    Error silence() const;
    void close() noexcept;

    v4l2::DeviceInfo device_;
    PixelFormat format_;
    v4l2::Layout layout_;
    Duration patience_;
    StreamInfo info_;
    SequenceCounter sequence_;
    std::uint64_t last_sequence_ = 0;
    std::optional<H264Decoder> h264_;
    std::shared_ptr<CaptureQueue> queue_;
    std::optional<HeldControl> exposure_priority_;
    Interrupt interrupt_;
    std::uint64_t broken_in_a_row_ = 0;
    std::atomic<std::uint64_t> delivered_{0};
    std::atomic<std::uint64_t> dropped_{0};
    std::atomic<std::uint64_t> stale_{0};
};

V4l2Source::V4l2Source(Camera camera, bool keep_rate)
    : device_(camera.device),
      format_(camera.format),
      layout_(v4l2::layout_of(camera.format, camera.pix)),
      patience_(patience_for(camera)) {
    info_.name = describe(camera);
    info_.width = static_cast<int>(camera.pix.width);
    info_.height = static_cast<int>(camera.pix.height);
    info_.rate = {static_cast<int>(camera.rate.numerator),
                  static_cast<int>(camera.rate.denominator)};
    info_.tags = v4l2::tags_of(camera.pix);
    info_.live = true;
    info_.identity = camera.identity;
    if (format_ == PixelFormat::h264) h264_.emplace(info_.width, info_.height);
    queue_ = std::make_shared<CaptureQueue>(std::move(camera.fd));
    if (keep_rate) exposure_priority_.emplace(queue_->fd(), V4L2_CID_EXPOSURE_AUTO_PRIORITY, 0);
    if (queue_->start() < 0) throw_camera_error(device_, "start", errno);
}

/// The device is closed at once after an error, so that a camera that is plugged in again finds its
/// number free, whatever of its pictures is still on its way.
std::optional<Captured> V4l2Source::next() {
    try {
        return wait_for_picture();
    } catch (...) {
        close();
        throw;
    }
}

void V4l2Source::close() noexcept {
    exposure_priority_.reset();
    queue_->stop();
}

std::optional<Captured> V4l2Source::wait_for_picture() {
    const Time began = Clock::now();
    while (true) {
        queue_->retry_refused();
        const Wait outcome = wait(began + patience());
        if (outcome == Wait::interrupted) return std::nullopt;
        if (outcome == Wait::time_out) throw silence();
        if (auto picture = newest()) {
            ++delivered_;
            return picture;
        }
        // The driver has no buffer to fill, having refused them all: not so fast.
        if (outcome == Wait::failed) interrupt_.sleep_until(Clock::now() + moment);
    }
}

V4l2Source::Wait V4l2Source::wait(Time until) {
    while (true) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        std::array<pollfd, 2> files{
            {{interrupt_.descriptor(), POLLIN, 0}, {queue_->fd(), POLLIN, 0}}};
        const int ready =
            ::poll(files.data(), files.size(), static_cast<int>(std::max<long>(left, 0)));
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0) throw Error("cannot wait for {}: {}", info_.name, system_message(errno));
        if (ready == 0) return Wait::time_out;
        if (files[0].revents != 0) return Wait::interrupted;
        return (files[1].revents & POLLIN) != 0 ? Wait::ready : Wait::failed;
    }
}

/// Takes everything that is ready. Of the good pictures only the newest is handed on; the others
/// and the broken ones go back to the driver.
std::optional<Captured> V4l2Source::newest() {
    std::optional<Captured> newest;
    std::optional<std::uint32_t> held;  // the buffer that it lies in
    // A driver that fills buffers as fast as they come back must not keep us here.
    for (std::size_t left = queue_->size(); left > 0; --left) {
        v4l2_buffer buffer{};
        const int taken = queue_->dequeue(buffer);
        if (taken == 0 || (taken < 0 && newest)) break;  // an error comes again
        if (taken < 0) throw_camera_error(device_, "read from", errno);
        auto picture = take(buffer);
        const bool in_buffer = picture && !picture->owner;
        if (!in_buffer) queue_->give_back(buffer.index);
        if (!picture) continue;
        if (newest) ++stale_;
        if (held) queue_->give_back(*held);
        newest = std::move(picture);
        held = in_buffer ? std::optional(buffer.index) : std::nullopt;
    }
    if (held) own(*newest, *held);
    return newest;
}

/// The picture in a buffer, without an owner as long as it lies there; nothing where it is broken.
std::optional<Captured> V4l2Source::take(const v4l2_buffer& buffer) {
    const std::uint64_t sequence = sequence_.next(buffer.sequence);
    const bool whole = looks_whole(buffer, format_, layout_, queue_->memory(buffer.index));
    if (h264_) return decode(buffer, sequence, whole);
    if (!whole) {
        ++dropped_;
        ++broken_in_a_row_;
        return std::nullopt;
    }
    broken_in_a_row_ = 0;
    return refer_to(buffer, sequence);
}

/// H.264: every buffer is decoded, since the next ones need it, also where nobody will see it.
std::optional<Captured> V4l2Source::decode(const v4l2_buffer& buffer, std::uint64_t sequence,
                                           bool whole) {
    if (!whole || sequence != last_sequence_ + 1) h264_->lose();
    last_sequence_ = sequence;
    const std::uint64_t lost_before = h264_->lost();
    std::optional<Captured> picture;
    if (whole) {
        picture = h264_->decode(queue_->memory(buffer.index).first(buffer.bytesused), sequence,
                                capture_time(buffer, Clock::now()));
    }
    const std::uint64_t broken = whole ? h264_->lost() - lost_before : 1;
    dropped_ += broken;
    broken_in_a_row_ = picture ? 0 : broken_in_a_row_ + broken;
    return picture;
}

Captured V4l2Source::refer_to(const v4l2_buffer& buffer, std::uint64_t sequence) const {
    Captured captured;
    captured.format = format_;
    captured.width = info_.width;
    captured.height = info_.height;
    captured.stride = layout_.stride;
    captured.size = buffer.bytesused;
    captured.tags = info_.tags;
    captured.sequence = sequence;
    captured.captured = capture_time(buffer, Clock::now());
    const std::uint8_t* const start = queue_->memory(buffer.index).data();
    for (std::size_t plane = 0; plane < captured.data.size(); ++plane) {
        if (plane == 0 || layout_.stride[plane] > 0) {
            captured.data[plane] = start + layout_.offset[plane];
        }
    }
    return captured;
}

/// Lends the buffer to the picture, or copies it where the driver would run dry: the pictures are
/// held for longer than usual.
void V4l2Source::own(Captured& picture, std::uint32_t index) {
    if (queue_->may_lend()) {
        picture.owner = queue_->lend(index);
        return;
    }
    const std::uint8_t* const start = queue_->memory(index).data();
    auto copy = std::make_shared_for_overwrite<std::uint8_t[]>(picture.size);
    std::copy_n(start, picture.size, copy.get());
    queue_->give_back(index);
    for (auto& plane : picture.data) {
        if (plane != nullptr) plane = copy.get() + (plane - start);
    }
    picture.owner = std::move(copy);
}

Duration V4l2Source::patience() const {
    return delivered_ == 0 || broken_in_a_row_ > 0 ? start_patience : patience_;
}

Error V4l2Source::silence() const {
    if (broken_in_a_row_ > 0) {
        return Error("{} gives only broken pictures ({} in a row); try another USB port or cable",
                     info_.name, broken_in_a_row_);
    }
    return Error("{} gives no pictures (waited {:.2g} s); unplug it and plug it in again",
                 info_.name, seconds(patience()));
}

}  // namespace

bool accepts_v4l2(const SourceRequest& request) {
    return request.device.empty() || v4l2::names_device(request.device);
}

std::unique_ptr<Source> open_v4l2(const SourceRequest& request) {
    return std::make_unique<V4l2Source>(open_camera(request), request.keep_rate);
}

std::unique_ptr<Source> open_v4l2_in(const std::string& path, const v4l2::Mode& mode) {
    return std::make_unique<V4l2Source>(open_camera_in(path, mode), true);
}

}  // namespace scrim
