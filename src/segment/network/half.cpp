#include "segment/network/half.h"

#include <cstring>

#include <opencv2/core.hpp>

namespace scrim {

std::vector<float> floats_of_halves(std::span<const std::uint8_t> bytes) {
    std::vector<std::uint16_t> halves(bytes.size() / 2);
    if (halves.empty()) return {};
    std::memcpy(halves.data(), bytes.data(), halves.size() * 2);
    std::vector<float> floats(halves.size());
    const int count = static_cast<int>(halves.size());
    cv::Mat target(1, count, CV_32F, floats.data());
    cv::Mat(1, count, CV_16F, halves.data()).convertTo(target, CV_32F);
    return floats;
}

}  // namespace scrim
