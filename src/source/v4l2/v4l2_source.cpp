#include "source/v4l2/v4l2_source.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <poll.h>

#include "source/interrupt.h"
#include "source/v4l2/camera.h"
#include "source/v4l2/capture_queue.h"
#include "source/v4l2/incoming.h"
#include "v4l2/formats.h"

namespace scrim {
namespace {

constexpr auto patience = std::chrono::seconds(5);
constexpr auto moment = std::chrono::milliseconds(20);

class V4l2Source final : public Source {
  public:
    explicit V4l2Source(Camera camera);
    ~V4l2Source() override { queue_->stop(); }

    const StreamInfo& info() const override { return info_; }
    Counters counters() const override { return counters_; }
    std::optional<Captured> next() override;

    void interrupt() noexcept override { interrupt_.trigger(); }

  private:
    enum class Wait { ready, failed, time_out, interrupted };
    Wait wait(Time until);
    std::optional<Captured> take(const v4l2_buffer& buffer);
    Error silence() const;

    v4l2::DeviceInfo device_;
    PixelFormat format_;
    v4l2::Layout layout_;
    StreamInfo info_;
    Counters counters_;
    SequenceCounter sequence_;
    std::shared_ptr<CaptureQueue> queue_;
    Interrupt interrupt_;
    std::uint64_t broken_in_a_row_ = 0;
};

V4l2Source::V4l2Source(Camera camera)
    : device_(camera.device),
      format_(camera.format),
      layout_(v4l2::layout_of(camera.format, camera.pix)) {
    info_.name = describe(camera);
    info_.width = static_cast<int>(camera.pix.width);
    info_.height = static_cast<int>(camera.pix.height);
    info_.rate = {static_cast<int>(camera.rate.numerator),
                  static_cast<int>(camera.rate.denominator)};
    info_.tags = v4l2::tags_of(camera.pix);
    info_.live = true;
    queue_ = std::make_shared<CaptureQueue>(std::move(camera.fd));
    if (queue_->start() < 0) throw camera_error(device_, "start", errno);
}

std::optional<Captured> V4l2Source::next() {
    const Time until = Clock::now() + patience;
    while (true) {
        queue_->retry_refused();
        const Wait outcome = wait(until);
        if (outcome == Wait::interrupted) return std::nullopt;
        if (outcome == Wait::time_out) throw silence();
        v4l2_buffer buffer{};
        const int taken = queue_->dequeue(buffer);
        if (taken < 0) throw camera_error(device_, "read from", errno);
        if (taken > 0) {
            if (auto captured = take(buffer)) return captured;
        } else if (outcome == Wait::failed) {
            // The driver has no buffer to fill, having refused them all: not so fast.
            interrupt_.sleep_until(Clock::now() + moment);
        }
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

std::optional<Captured> V4l2Source::take(const v4l2_buffer& buffer) {
    const auto memory = queue_->memory(buffer.index);
    const std::uint64_t sequence = sequence_.next(buffer.sequence);
    if (!looks_whole(buffer, format_, layout_, memory)) {
        queue_->give_back(buffer.index);
        ++counters_.dropped;
        ++broken_in_a_row_;
        return std::nullopt;
    }
    Captured captured;
    captured.format = format_;
    captured.width = info_.width;
    captured.height = info_.height;
    captured.stride = layout_.stride;
    captured.size = buffer.bytesused;
    captured.tags = info_.tags;
    captured.sequence = sequence;
    captured.captured = capture_time(buffer, Clock::now());
    const std::uint8_t* start = memory.data();
    if (queue_->may_lend()) {
        captured.owner = queue_->lend(buffer.index);
    } else {
        // The pictures are held for longer than usual: the driver must not run dry.
        auto copy = std::make_shared_for_overwrite<std::uint8_t[]>(buffer.bytesused);
        std::copy_n(start, buffer.bytesused, copy.get());
        queue_->give_back(buffer.index);
        start = copy.get();
        captured.owner = std::move(copy);
    }
    for (std::size_t plane = 0; plane < captured.data.size(); ++plane) {
        if (plane == 0 || layout_.stride[plane] > 0) {
            captured.data[plane] = start + layout_.offset[plane];
        }
    }
    ++counters_.delivered;
    broken_in_a_row_ = 0;
    return captured;
}

Error V4l2Source::silence() const {
    if (broken_in_a_row_ > 0) {
        return Error("{} gives only broken pictures ({} in a row); try another USB port or cable",
                     info_.name, broken_in_a_row_);
    }
    return Error("{} gives no pictures (waited {} s); unplug it and plug it in again", info_.name,
                 patience.count());
}

}  // namespace

bool accepts_v4l2(const SourceRequest& request) {
    return request.device.empty() || v4l2::names_device(request.device);
}

std::unique_ptr<Source> open_v4l2(const SourceRequest& request) {
    return std::make_unique<V4l2Source>(open_camera(request));
}

}  // namespace scrim
