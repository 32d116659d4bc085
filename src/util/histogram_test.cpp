#include "util/histogram.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace scrim {
namespace {

using std::chrono::microseconds;

TEST(Histogram, OfNothingIsZero) {
    EXPECT_EQ(Histogram().quantile(0.5), Duration{});
    EXPECT_EQ(Histogram().count(), 0U);
}

TEST(Histogram, QuantilesAreThoseOfTheSortedDurations) {
    std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same numbers each time
    std::lognormal_distribution<double> lengths(std::log(8000.0), 1.0);
    Histogram histogram;
    std::vector<double> sorted;
    for (int i = 0; i < 5000; ++i) {
        const double length = std::clamp(lengths(random), 11.0, 7e7);
        histogram.add(microseconds(static_cast<long>(length)));
        sorted.push_back(std::floor(length));
    }
    std::sort(sorted.begin(), sorted.end());
    for (const double share : {0.0, 0.05, 0.5, 0.95, 0.99, 1.0}) {
        const auto rank = static_cast<std::size_t>(std::max(std::ceil(share * 5000.0), 1.0)) - 1;
        const double measured = seconds(histogram.quantile(share)) * 1e6;
        EXPECT_NEAR(measured / sorted[rank], 1, 0.046) << share;
    }
}

TEST(Histogram, WhatIsOutOfItsRangeCountsAtItsEnds) {
    Histogram histogram;
    histogram.add(microseconds(-5));
    histogram.add(std::chrono::hours(1));
    EXPECT_EQ(histogram.count(), 2U);
    EXPECT_LT(histogram.quantile(0.5), microseconds(11));
    EXPECT_GT(histogram.quantile(1), std::chrono::seconds(70));
}

TEST(Histogram, TheDifferenceIsTheStretchBetween) {
    Histogram before;
    before.add(microseconds(100));
    Histogram after = before;
    after.add(microseconds(5000));
    const Histogram between = after - before;
    EXPECT_EQ(between.count(), 1U);
    EXPECT_NEAR(milliseconds(between.quantile(0.5)), 5, 0.25);
}

}  // namespace
}  // namespace scrim
