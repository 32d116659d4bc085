#include "app/report.h"

#include <gtest/gtest.h>

namespace scrim {
namespace {

Statistics half_a_minute() {
    Statistics statistics;
    statistics.frames = 301;
    statistics.elapsed = std::chrono::seconds(2);
    return statistics;
}

TEST(Report, ProgressShowsBarRateAndTimeLeft) {
    EXPECT_EQ(ProgressLine::text(half_a_minute(), 602, 80),
              "[####################....................]  50 %  301/602  150/s  0:02 left");
}

TEST(Report, ProgressFitsANarrowTerminal) {
    EXPECT_EQ(ProgressLine::text(half_a_minute(), 602, 40), "  50 %  301/602  150/s  0:02 left");
    EXPECT_LE(ProgressLine::text(half_a_minute(), 602, 60).size(), 60U);
}

TEST(Report, ProgressWithoutAKnownLengthHasNoBar) {
    EXPECT_EQ(ProgressLine::text(half_a_minute(), 0, 80), "301 frames  150/s");
}

TEST(Report, ProgressStaysAt100WhereAFileHoldsMoreThanItSaid) {
    EXPECT_EQ(ProgressLine::text(half_a_minute(), 200, 40), " 100 %  301/301  150/s  0:00 left");
}

TEST(Report, SummaryNamesWhatWasLost) {
    Statistics statistics = half_a_minute();
    statistics.stages[0] = {301, std::chrono::milliseconds(301)};
    statistics.skipped = 2;
    statistics.broken = 1;
    EXPECT_EQ(summary(statistics),
              "301 frames in 2.0 s, 150/s; 2 skipped for a newer one; 1 broken, dropped\n"
              "milliseconds a frame:  decode 1.00");
}

}  // namespace
}  // namespace scrim
