#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/command.h"

namespace scrim {
namespace {

using testing::HasSubstr;

// What there is to be measured needs devices: see tests/vm/scenarios/once/latency.sh.
TEST(LatencyCommand, SaysWhatItNeeds) {
    const auto no_terminal = test::scrim({"latency"});
    EXPECT_EQ(no_terminal.status, 1);
    EXPECT_THAT(no_terminal.errors, HasSubstr("standard output is no terminal"));
    EXPECT_EQ(no_terminal.output, "");
    const auto no_device = test::scrim({"latency", "--through", "somewhere"});
    EXPECT_EQ(no_device.status, 1);
    EXPECT_THAT(no_device.errors, HasSubstr("somewhere is no virtual camera"));
    EXPECT_EQ(test::scrim({"latency", "--seconds", "0"}).status, 1);
}

}  // namespace
}  // namespace scrim
