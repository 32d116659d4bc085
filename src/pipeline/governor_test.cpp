#include "pipeline/governor.h"

#include <gtest/gtest.h>

namespace scrim {
namespace {

constexpr Duration second = std::chrono::seconds(1);

/// A program whose use of the processor follows the effort, as measured on one with a network that
/// takes two thirds of the time.
double used(const Effort& effort, double all) {
    const double network = all * 2 / 3 / effort.mask_every * (effort.light ? 0.6 : 1);
    return (all / 3 + network) * effort.share_of_rate;
}

/// Runs for so many seconds and says how often the effort changed.
int run(Governor& governor, int seconds, double all) {
    int changes = 0;
    for (int i = 0; i < seconds; ++i) {
        if (governor.measured(used(governor.effort(), all), second)) ++changes;
    }
    return changes;
}

TEST(Governor, LeavesAloneWhatIsBelowTheBudget) {
    Governor governor(0.4);
    EXPECT_EQ(run(governor, 600, 0.39), 0);
    EXPECT_EQ(governor.effort(), Effort{});
}

TEST(Governor, GivesUpTheCheapestFirst) {
    Governor governor(0.4);
    EXPECT_EQ(run(governor, 10, 0.55), 1);
    EXPECT_EQ(governor.effort(), (Effort{2, false, 1}));
    EXPECT_EQ(run(governor, 10, 0.7), 1);
    EXPECT_EQ(governor.effort(), (Effort{2, true, 1}));
    run(governor, 10, 1.0);
    EXPECT_LT(governor.effort().share_of_rate, 1);
    EXPECT_LE(used(governor.effort(), 1.0), 0.4);
}

TEST(Governor, IsUnderTheBudgetWithinSeconds) {
    Governor governor(0.2);
    run(governor, 12, 1.2);
    EXPECT_LE(used(governor.effort(), 1.2), 0.2);
}

TEST(Governor, OneMeasurementSaysNothing) {
    Governor governor(0.4);
    for (int i = 0; i < 100; ++i)
        EXPECT_FALSE(governor.measured(i % 2 == 0 ? 0.9 : 0.3, second));
}

TEST(Governor, ComesBackWhenThereIsRoom) {
    Governor governor(0.4);
    run(governor, 20, 1.0);
    EXPECT_NE(governor.effort(), Effort{});
    run(governor, 200, 0.2);
    EXPECT_EQ(governor.effort(), Effort{});
}

TEST(Governor, DoesNotChangeToAndFro) {
    Governor governor(0.4);
    // With a mask for each picture above, without far below: each step back is one too many.
    int changes = 0;
    for (int i = 0; i < 3600; ++i) {
        if (governor.measured(governor.effort() == Effort{} ? 0.5 : 0.2, second)) ++changes;
    }
    EXPECT_LE(changes, 40) << "in an hour";
    EXPECT_GE(changes, 3) << "but it is tried";
}

TEST(Governor, EndsAtTheLeastThereIs) {
    Governor governor(0.01);
    run(governor, 100, 5);
    EXPECT_LT(governor.effort().share_of_rate, 0.2);
    EXPECT_EQ(run(governor, 100, 5), 0);
}

TEST(Governor, SaysWhatItDoes) {
    EXPECT_EQ(describe({}), "all of the pictures");
    EXPECT_EQ(describe({2, true, 0.5}),
              "50% of the pictures, a mask for every 2nd, the smaller network");
}

}  // namespace
}  // namespace scrim
