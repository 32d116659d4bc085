#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "v4l2/device.h"

namespace scrim::v4l2 {

/// A rate, pictures a second.
struct Fraction {
    std::uint32_t numerator = 0;
    std::uint32_t denominator = 1;

    double value() const { return denominator == 0 ? 0 : double(numerator) / denominator; }
    bool operator==(const Fraction&) const = default;
};

/// One format and size that a camera offers, with its rates.
struct Mode {
    std::uint32_t fourcc = 0;
    int width = 0;
    int height = 0;
    std::vector<Fraction> rates;  // empty = the driver does not say
    bool any_between = false;     // `rates` are two bounds, everything between them is offered
};

/// The fastest rate of a mode; 0/1 where the driver does not say.
Fraction top_rate(const Mode& mode);

/// All modes of a capture node. A driver that offers a range of sizes (stepwise, continuous) is
/// asked about the usual sizes within it, its bounds, and what comes nearest to `wanted`. Formats
/// that Scrim does not read come with size 0x0: only their names matter, for messages.
std::vector<Mode> enumerate_modes(int fd, std::optional<std::pair<int, int>> wanted = {});

/// The modes of a node that Scrim can use, as lines for people, "MJPG 1280x720 at 30, 15/s", in the
/// driver's order; nothing where it cannot be asked.
std::vector<std::string> describe_modes(const std::string& path);

/// "1280x720 at 30, 15/s".
std::string describe(const Mode& mode);

}  // namespace scrim::v4l2
