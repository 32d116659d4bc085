#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/bench_input.h"
#include "pipeline/scene.h"
#include "pipeline/statistics.h"

namespace scrim {

/// Of a series of measurements.
struct Spread {
    double median = 0;
    double p95 = 0;
};
Spread spread_of(std::vector<double> values);

/// What a frame costs from memory to memory. Times are milliseconds.
struct BenchResult {
    PixelFormat output_format = PixelFormat::yuyv;
    Spread frame;
    std::array<Spread, stage_names.size()> stages;
    double cpu = 0;  // a frame, of all threads
    /// What no pipeline can be quicker than; medians.
    struct Floor {
        double network = 0;  // the networks alone
        double decode = 0;   // libjpeg-turbo alone
        double copy = 0;     // the frame's bytes in and out
        double total() const { return network + decode + copy; }
    } floor;
    double rss_mb = 0;
    std::optional<double> allocations;  // a frame
    double first_frame = 0;             // from the start of the process, without making the input

    /// The quotient of the medians. The floor is measured in the same run, a round of it before
    /// each frame, so that whatever else the machine does hits both alike, and a reader finds the
    /// same ratio in the printed numbers.
    double ratio() const { return frame.median / floor.total(); }
};

/// Runs the whole pipeline `frames` times on the pictures, on the calling thread, into memory laid
/// out as a sink's: yu12 for yu12 in, yuyv for everything else. `preparation` is how long the
/// process spent on making the input. Throws Error, ConfigError.
BenchResult measure(Scene scene, const BenchInput& input, int frames, Duration preparation);

}  // namespace scrim
