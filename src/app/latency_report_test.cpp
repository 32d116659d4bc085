#include "app/latency_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scrim {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

TEST(ShownCodes, KnowWhenEachWasShown) {
    ShownCodes codes;
    EXPECT_EQ(codes.when(0), std::nullopt);
    for (int i = 0; i < 70'000; ++i) {
        const Time now = Time{} + milliseconds(i);
        const std::uint16_t number = codes.show(now);
        ASSERT_EQ(number, i % 65'536);
        ASSERT_EQ(codes.when(number), now);
        if (i >= 60) {
            ASSERT_EQ(codes.when(static_cast<std::uint16_t>(number - 60)), now - milliseconds(60));
        }
        // Neither what was not shown yet, nor what is long gone.
        ASSERT_EQ(codes.when(static_cast<std::uint16_t>(number + 1)), std::nullopt);
        ASSERT_EQ(codes.when(static_cast<std::uint16_t>(number - 2000)), std::nullopt);
    }
}

TEST(LatencyReport, HasMedianPercentileAndHistogram) {
    std::vector<Duration> delays;
    for (int i = 1; i <= 100; ++i)
        delays.push_back(milliseconds(50 + i % 40));
    delays.push_back(milliseconds(149));
    const std::string report = latency_report(delays, 7);
    EXPECT_THAT(report, HasSubstr("101 pictures with a code, 7 without\n"));
    EXPECT_THAT(report, HasSubstr("least 50.0 ms, most 149.0 ms"));
    EXPECT_THAT(report, HasSubstr("median 67.0 ms, p95 87.0 ms"));
    EXPECT_THAT(report, HasSubstr("    50 - 60    ####"));
    EXPECT_THAT(report, HasSubstr("   140 - 150   ##"));
    EXPECT_THAT(report, HasSubstr("   100 - 110                                            0\n"));
}

TEST(LatencyReport, OfOnePicture) {
    EXPECT_THAT(latency_report({milliseconds(3)}, 0),
                HasSubstr("median 3.0 ms, p95 3.0 ms, least 3.0 ms, most 3.0 ms"));
}

}  // namespace
}  // namespace scrim
