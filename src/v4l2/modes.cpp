#include "v4l2/modes.h"

#include <algorithm>
#include <array>

#include <linux/videodev2.h>

#include "v4l2/formats.h"

namespace scrim::v4l2 {
namespace {

using Size = std::pair<int, int>;

// A broken driver that never ends its list must not hang us.
constexpr std::uint32_t most_entries = 512;

constexpr std::array usual_sizes{Size{320, 240}, Size{640, 360},  Size{640, 480},
                                 Size{800, 600}, Size{1280, 720}, Size{1920, 1080}};

int snap(int value, std::uint32_t least, std::uint32_t most, std::uint32_t step) {
    const int low = static_cast<int>(least);
    const int high = static_cast<int>(std::max(least, most));
    const int grid = step == 0 ? 1 : static_cast<int>(step);
    return low + (std::clamp(value, low, high) - low) / grid * grid;
}

std::vector<Size> sizes_within(const v4l2_frmsize_stepwise& range, std::optional<Size> wanted) {
    std::vector<Size> asked(usual_sizes.begin(), usual_sizes.end());
    if (wanted) asked.push_back(*wanted);
    asked.emplace_back(range.min_width, range.min_height);
    asked.emplace_back(range.max_width, range.max_height);
    std::vector<Size> sizes;
    for (const auto& [width, height] : asked) {
        const Size size(snap(width, range.min_width, range.max_width, range.step_width),
                        snap(height, range.min_height, range.max_height, range.step_height));
        if (std::find(sizes.begin(), sizes.end(), size) == sizes.end()) sizes.push_back(size);
    }
    return sizes;
}

/// The size that is set now: all that is known where the driver cannot enumerate sizes.
std::vector<Size> present_size(int fd) {
    v4l2_format format{};
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (retry_ioctl(fd, VIDIOC_G_FMT, &format) < 0) return {};
    return {{static_cast<int>(format.fmt.pix.width), static_cast<int>(format.fmt.pix.height)}};
}

std::vector<Size> sizes_of(int fd, std::uint32_t fourcc, std::optional<Size> wanted) {
    std::vector<Size> sizes;
    for (std::uint32_t index = 0; index < most_entries; ++index) {
        v4l2_frmsizeenum entry{};
        entry.index = index;
        entry.pixel_format = fourcc;
        if (retry_ioctl(fd, VIDIOC_ENUM_FRAMESIZES, &entry) < 0) break;
        if (entry.type != V4L2_FRMSIZE_TYPE_DISCRETE) return sizes_within(entry.stepwise, wanted);
        sizes.emplace_back(entry.discrete.width, entry.discrete.height);
    }
    return sizes.empty() ? present_size(fd) : sizes;
}

/// V4L2 speaks of intervals, people of rates.
Fraction rate_of(const v4l2_fract& interval) {
    return {interval.denominator, interval.numerator};
}

void add_rates(int fd, Mode& mode) {
    for (std::uint32_t index = 0; index < most_entries; ++index) {
        v4l2_frmivalenum entry{};
        entry.index = index;
        entry.pixel_format = mode.fourcc;
        entry.width = static_cast<std::uint32_t>(mode.width);
        entry.height = static_cast<std::uint32_t>(mode.height);
        if (retry_ioctl(fd, VIDIOC_ENUM_FRAMEINTERVALS, &entry) < 0) return;
        if (entry.type != V4L2_FRMIVAL_TYPE_DISCRETE) {
            mode.rates = {rate_of(entry.stepwise.max), rate_of(entry.stepwise.min)};
            mode.any_between = true;
            return;
        }
        if (entry.discrete.numerator > 0) mode.rates.push_back(rate_of(entry.discrete));
    }
}

}  // namespace

std::vector<Mode> enumerate_modes(int fd, std::optional<Size> wanted) {
    std::vector<Mode> modes;
    for (std::uint32_t index = 0; index < most_entries; ++index) {
        v4l2_fmtdesc format{};
        format.index = index;
        format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        if (retry_ioctl(fd, VIDIOC_ENUM_FMT, &format) < 0) break;
        if (!pixel_format_of(format.pixelformat)) {
            modes.push_back({format.pixelformat, 0, 0, {}, false});
            continue;
        }
        for (const auto& [width, height] : sizes_of(fd, format.pixelformat, wanted)) {
            Mode mode{format.pixelformat, width, height, {}, false};
            add_rates(fd, mode);
            modes.push_back(std::move(mode));
        }
    }
    return modes;
}

Fraction top_rate(const Mode& mode) {
    Fraction top;
    for (const auto& rate : mode.rates) {
        if (rate.value() > top.value()) top = rate;
    }
    return top;
}

std::string describe(const Mode& mode) {
    std::string text = fmt::format("{}x{}", mode.width, mode.height);
    if (mode.rates.empty()) return text;
    text += " at ";
    const std::string_view between = mode.any_between ? " to " : ", ";
    for (std::size_t i = 0; i < mode.rates.size(); ++i) {
        if (i > 0) text += between;
        text += fmt::format("{:.4g}", mode.rates[i].value());
    }
    return text + "/s";
}

std::vector<std::string> describe_modes(const std::string& path) {
    std::vector<std::string> lines;
    try {
        const Fd fd = open_device(path);
        for (const auto& mode : enumerate_modes(fd.get())) {
            if (mode.width == 0) continue;
            lines.push_back(fmt::format("{} {}", fourcc_text(mode.fourcc), describe(mode)));
        }
    } catch (const Error&) {
        lines.clear();  // list_devices() has already said what is wrong with the node
    }
    return lines;
}

}  // namespace scrim::v4l2
