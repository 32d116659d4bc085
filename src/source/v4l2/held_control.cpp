#include "source/v4l2/held_control.h"

#include <optional>

#include <linux/videodev2.h>

#include "v4l2/device.h"

namespace scrim {
namespace {

std::optional<std::int32_t> value_of(int fd, std::uint32_t id) {
    v4l2_control control{};
    control.id = id;
    if (v4l2::retry_ioctl(fd, VIDIOC_G_CTRL, &control) < 0) return std::nullopt;
    return control.value;
}

bool set(int fd, std::uint32_t id, std::int32_t value) {
    v4l2_control control{};
    control.id = id;
    control.value = value;
    return v4l2::retry_ioctl(fd, VIDIOC_S_CTRL, &control) == 0;
}

}  // namespace

HeldControl::HeldControl(int fd, std::uint32_t control, std::int32_t value)
    : fd_(fd), control_(control), value_(value) {
    const auto former = value_of(fd, control);
    if (!former || *former == value) return;
    former_ = *former;
    held_ = set(fd, control, value);
}

HeldControl::~HeldControl() {
    if (held_ && value_of(fd_, control_) == value_) set(fd_, control_, former_);
}

}  // namespace scrim
