#include "config/config.h"

namespace scrim {

const std::string& default_config_text() {
    static const std::string text = R"(# Scrim's configuration: who appears in front of what.
#
# A running `scrim run` follows when this file is saved; what is wrong is said and not used.
#   scrim check FILE   is it right?
#   scrim filters      what a layer can do
# A line that begins with # is a comment: take the # away to use what it says.

# The picture is made of layers, the lowest first. Each is "- SOURCE: [FILTERS]", with the source
#     input        the camera picture
#     foreground   you: the camera picture, transparent where nobody is
#     previous     all layers so far, as one picture
#     empty        nothing yet, for what brings its own picture
# and any number of filters in brackets, which change it one after the other.
layers:
  # The room, blurred: a larger number hides more. Without exclude_person your own colours would
  # glow around you.
  - input: [["blur", {intensity_x: 25, exclude_person: true}]]
  # You, as the camera sees you.
  - foreground: []

# Instead of the blurred room, a picture behind you (its name is relative to this file):
# layers:
#   - empty: [["image", "beach.jpg"]]
#   - foreground: []

# One colour behind you, for a program that cuts you out itself:
# layers:
#   - empty: [["solid_color", 0, 177, 64]]
#   - foreground: []

# The network that finds you. `scrim models` lists those there are.
model: mediapipe

# Your edge: the mean over so many pictures. More calms it, but it follows you more slowly.
average_masks: 3
# In pixels: take a rim away where the room shines through, and soften what is left.
# erode: 5
# blur: 5

# What to ask the camera for. Without these lines: its best mode for a call.
# width: 1280
# height: 720
# fps: 30

# Which camera, and where to publish. Without these lines: the first of each (`scrim devices`).
# real_video_device: /dev/video0
# virtual_video_device: /dev/video10

# The camera is open only while somebody watches, and a card is shown while there is no picture.
# on_demand: false
# cover: paused.jpg

# At most so many pictures a second, and at most so much of one processor core.
# max_fps: 20
# cpu_budget: 20%
)";
    return text;
}

}  // namespace scrim
