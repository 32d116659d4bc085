#include "util/body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scrim {
namespace {

std::vector<std::string> parts(std::string_view name) {
    std::vector<std::string> names;
    const PartSet set = parts_named(name).value_or(PartSet());
    for (std::size_t i = 0; i < body_parts.size(); ++i) {
        if (set[i]) names.emplace_back(body_parts[i]);
    }
    return names;
}

TEST(Body, PartsAndGroupsHaveNames) {
    using testing::ElementsAre;
    EXPECT_THAT(parts("left_face"), ElementsAre("left_face"));
    EXPECT_THAT(parts("face"), ElementsAre("left_face", "right_face"));
    EXPECT_THAT(parts("torso"), ElementsAre("torso_front", "torso_back"));
    EXPECT_THAT(parts("left_arm"), ElementsAre("left_upper_arm_front", "left_upper_arm_back",
                                               "left_lower_arm_front", "left_lower_arm_back"));
    EXPECT_THAT(parts("upper_arms"), ElementsAre("left_upper_arm_front", "left_upper_arm_back",
                                                 "right_upper_arm_front", "right_upper_arm_back"));
    EXPECT_THAT(parts("hands"), ElementsAre("left_hand", "right_hand"));
    EXPECT_THAT(parts("feet"), ElementsAre("left_foot", "right_foot"));
    EXPECT_THAT(parts("right_upper_leg_back"), ElementsAre("right_upper_leg_back"));
}

TEST(Body, AllOthersAreNone) {
    for (const char* name : {"", "_", "left__face", "face_left", "nose", "blur", "Face", "s"})
        EXPECT_THAT(parts(name), testing::IsEmpty()) << name;
}

TEST(Body, EveryNameForMessagesIsKnown) {
    for (const std::string& name : part_names())
        EXPECT_TRUE(parts_named(name)) << name;
}

}  // namespace
}  // namespace scrim
