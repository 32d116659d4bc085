#include "app/devices_measure.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "app/mode_table.h"
#include "app/report.h"
#include "frame/convert.h"
#include "source/v4l2/mode_choice.h"
#include "source/v4l2/v4l2_source.h"
#include "v4l2/device.h"
#include "v4l2/formats.h"

namespace scrim {
namespace {

Duration thread_cpu_time() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::string name_of(const v4l2::Mode& mode) {
    return fmt::format("{} {}x{}", v4l2::fourcc_text(mode.fourcc), mode.width, mode.height);
}

bool contains(std::string name, std::string part) {
    const auto lower = [](unsigned char c) { return static_cast<char>(std::tolower(c)); };
    std::transform(name.begin(), name.end(), name.begin(), lower);
    std::transform(part.begin(), part.end(), part.begin(), lower);
    return name.find(part) != std::string::npos;
}

/// What is being measured, on a terminal; a line that is removed at the end.
class MeasuringLine {
  public:
    MeasuringLine() = default;
    MeasuringLine(const MeasuringLine&) = delete;
    MeasuringLine& operator=(const MeasuringLine&) = delete;
    ~MeasuringLine() {
        if (terminal_) fmt::print(stderr, "\r\033[K");
    }
    void show(std::size_t done, std::size_t all, const std::string& mode) const {
        if (!terminal_) return;
        fmt::print(stderr, "\r\033[K{}", measuring_line(done, all, mode, terminal_width()));
        std::fflush(stderr);
    }

  private:
    bool terminal_ = ::isatty(STDERR_FILENO) == 1;
};

/// A driver needs a moment to let go of the camera; the mode before was closed just now.
std::unique_ptr<Source> open_patiently(const std::string& path, const v4l2::Mode& mode) {
    constexpr int attempts = 10;
    for (int i = 1; i < attempts; ++i) {
        try {
            return open_v4l2_in(path, mode);
        } catch (const BusyError&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }
    return open_v4l2_in(path, mode);
}

/// Reads for that long from the first picture on.
void read_for(double seconds_long, const std::string& path, const v4l2::Mode& mode,
              MeasuredMode& result) {
    const Time opening = Clock::now();
    const auto source = open_patiently(path, mode);
    Decoder decoder;
    const Duration cpu_before = thread_cpu_time();
    std::optional<Time> first;
    Time last{};
    std::uint64_t decoded = 0;
    while (!first || seconds(Clock::now() - opening) - seconds(result.first) < seconds_long) {
        const auto picture = source->next();
        if (!picture) break;
        try {
            decoder.decode(*picture);
            ++decoded;
        } catch (const DecodeError&) {
            // Seen in the rate: only whole pictures are worth something.
        }
        last = picture->captured;
        if (!first) {
            first = last;
            result.first = Clock::now() - opening;
        }
    }
    const auto counters = source->counters();
    const double taken = double(counters.delivered + counters.stale);
    if (first && last > *first) result.real = (taken - 1) / seconds(last - *first);
    if (decoded == 0) result.problem = "no picture could be decoded";
    result.milliseconds = milliseconds(thread_cpu_time() - cpu_before) / std::max(taken, 1.0);
}

MeasuredMode measure(double seconds_long, const std::string& path, const v4l2::Mode& mode) {
    MeasuredMode result;
    result.name = name_of(mode);
    result.promised = v4l2::top_rate(mode).value();
    try {
        read_for(seconds_long, path, mode, result);
    } catch (const BusyError&) {
        throw;  // no mode can be measured
    } catch (const Error& error) {
        result.problem = error.what();
    }
    return result;
}

SourceRequest request_of(const Config& config) {
    SourceRequest request;
    request.width = config.width;
    request.height = config.height;
    request.fps = config.fps;
    request.mjpeg = config.mjpeg;
    return request;
}

std::vector<MeasuredMode> measure_modes(const std::string& path, const MeasureRequest& request,
                                        const Config& config) {
    auto modes = v4l2::enumerate_modes(v4l2::open_device(path).get());
    const auto choice = choose_mode(modes, request_of(config));
    std::erase_if(modes, [&](const v4l2::Mode& mode) {
        return mode.width == 0 || !contains(name_of(mode), request.only);
    });
    std::vector<MeasuredMode> results;
    const MeasuringLine line;
    for (const auto& mode : modes) {
        line.show(results.size(), modes.size(), name_of(mode));
        results.push_back(measure(request.seconds, path, mode));
        results.back().chosen = choice && choice->fourcc == mode.fourcc &&
                                choice->width == mode.width && choice->height == mode.height;
    }
    return results;
}

void measure_camera(const std::string& path, const MeasureRequest& request, const Config& config) {
    const auto results = measure_modes(path, request, config);
    const auto name = v4l2::name_of(v4l2::query(path));
    if (results.empty()) throw Error("{} offers no such mode that Scrim reads", name);
    fmt::print("{}\n{}", name, mode_table(results));
}

}  // namespace

void measure_cameras(const MeasureRequest& request, const Config& config) {
    if (!request.device.empty()) {
        return measure_camera(v4l2::device_path(request.device), request, config);
    }
    bool any = false;
    for (const auto& device : v4l2::list_devices()) {
        if (!device.captures || !device.streams || device.loopback || device.metadata) continue;
        any = true;
        try {
            measure_camera(device.path, request, config);
        } catch (const Error& error) {
            fmt::print("{}\n  {}\n", v4l2::name_of(device), error.what());
        }
        std::fflush(stdout);
    }
    if (!any) throw Error("no camera found to measure; `scrim devices` lists what there is");
}

}  // namespace scrim
