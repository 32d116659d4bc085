#include "pipeline/throttle.h"

#include <gtest/gtest.h>

namespace scrim {
namespace {

/// How many of a camera's pictures pass in ten seconds.
int passed(double camera, std::optional<double> limit, Duration jitter = {}) {
    Throttle throttle;
    throttle.limit(limit);
    int count = 0;
    for (int i = 0; i < static_cast<int>(10 * camera); ++i) {
        const auto at =
            std::chrono::duration_cast<Duration>(std::chrono::duration<double>(100 + i / camera));
        if (throttle.pass(Time(at + (i % 3 - 1) * jitter))) ++count;
    }
    return count;
}

TEST(Throttle, LetsThroughWhatIsAllowed) {
    EXPECT_EQ(passed(30, std::nullopt), 300);
    EXPECT_EQ(passed(30, 60), 300);
    EXPECT_EQ(passed(30, 30), 300);
    EXPECT_NEAR(passed(30, 15), 150, 1);
    EXPECT_NEAR(passed(30, 20), 200, 2);
    EXPECT_NEAR(passed(30, 7), 70, 2);
    EXPECT_NEAR(passed(25, 24), 240, 2);
}

TEST(Throttle, CopesWithACameraThatIsNotPunctual) {
    EXPECT_EQ(passed(30, 30, std::chrono::milliseconds(2)), 300);
    EXPECT_NEAR(passed(30, 15, std::chrono::milliseconds(4)), 150, 1);
}

TEST(Throttle, APauseIsNotMadeUpFor) {
    Throttle throttle;
    throttle.limit(10);
    EXPECT_TRUE(throttle.pass(Time(std::chrono::seconds(1))));
    EXPECT_TRUE(throttle.pass(Time(std::chrono::seconds(9))));
    int more = 0;
    for (int ms = 9033; ms < 10000; ms += 33)
        more += throttle.pass(Time(std::chrono::milliseconds(ms))) ? 1 : 0;
    EXPECT_LE(more, 11);
}

}  // namespace
}  // namespace scrim
