#include "config/config.h"

namespace scrim {

const std::string& default_config_text() {
    static const std::string text = R"(# Scrim's configuration: who appears in front of what.
# It is read again when this file is saved. `scrim check FILE` says whether it is right.

# The network that finds the person. `scrim models` lists those there are.
model: mediapipe

# The picture is made of layers, the lowest first. A layer is one of
#     input        the camera picture
#     foreground   the camera picture where the person is, transparent elsewhere
#     previous     everything below it
#     empty        nothing
# and a list of filters, which may be empty: []. `scrim filters` lists them all.
layers:
  - input: [["blur", 25, 25]]
  - foreground: []

# Instead of the blurred room, a picture behind the person (its name is relative to this file):
#
# layers:
#   - empty: [["image", "beach.jpg"]]
#   - foreground: []

# The mean over so many masks: a higher number calms the person's edge, but it follows more slowly.
average_masks: 3

# What to ask the camera for. Without these lines: its best mode for a call.
# width: 1280
# height: 720
# fps: 30

# Which devices. Without these lines: the first camera and the first loopback (`scrim devices`).
# real_video_device: /dev/video0
# virtual_video_device: /dev/video10
)";
    return text;
}

}  // namespace scrim
