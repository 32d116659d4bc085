#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scrim {

/// The parts of a body that BodyPix tells apart, in the order of its network's channels. Left and
/// right are the person's own.
constexpr std::array<std::string_view, 24> body_parts{
    "left_face",
    "right_face",
    "left_upper_arm_front",
    "left_upper_arm_back",
    "right_upper_arm_front",
    "right_upper_arm_back",
    "left_lower_arm_front",
    "left_lower_arm_back",
    "right_lower_arm_front",
    "right_lower_arm_back",
    "left_hand",
    "right_hand",
    "torso_front",
    "torso_back",
    "left_upper_leg_front",
    "left_upper_leg_back",
    "right_upper_leg_front",
    "right_upper_leg_back",
    "left_lower_leg_front",
    "left_lower_leg_back",
    "right_lower_leg_front",
    "right_lower_leg_back",
    "left_foot",
    "right_foot",
};

/// The points of a body that BodyPix finds, in the order of its network's channels.
constexpr std::array<std::string_view, 17> keypoints{
    "nose",           "left_eye",   "right_eye",   "left_ear",   "right_ear",   "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip",
    "right_hip",      "left_knee",  "right_knee",  "left_ankle", "right_ankle",
};
constexpr std::size_t left_eye = 1;
constexpr std::size_t right_eye = 2;

/// A bit for each of body_parts, and of keypoints.
using PartSet = std::bitset<body_parts.size()>;
using KeypointSet = std::bitset<keypoints.size()>;

/// All of body_parts that have the words of `name` in this order in theirs, in the plural or not:
/// "left_face", "face", "left_arm", "upper_arms", "torso", "feet". Nothing if there is none.
std::optional<PartSet> parts_named(std::string_view name);

/// What parts_named() knows, for messages: the groups of parts first.
std::vector<std::string> part_names();

}  // namespace scrim
