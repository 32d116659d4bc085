// Typical mistakes in keys, layers and filters, and every message in full. Read them as somebody
// who meets the language for the first time.

#include "e2e/mistakes.h"

namespace scrim {
namespace {

using test::Mistake;

class TypicalMistake : public testing::TestWithParam<Mistake> {};

TEST_P(TypicalMistake, IsExplained) {
    test::expect_explained(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Keys, TypicalMistake,
    testing::Values(
        Mistake{
            "Misspelt", "virtual_video_divice: /dev/video10\n",
            R"(my.yaml:1:1: virtual_video_divice: unknown key; did you mean "virtual_video_device"?
virtual_video_divice: /dev/video10
^
)"},
        Mistake{
            "OfAnotherProgram", "resolution: 1280x720\n",
            R"(my.yaml:1:1: resolution: unknown key; it can be width, height, fps, keep_rate, on_demand, cover, mjpeg, real_video_device, virtual_video_device, output_format, max_fps, cpu_budget, model, multiplier, stride, internal_resolution, segmentation_threshold, average_masks, dilate, erode, blur, mask_every, debug_show_mask, debug_show_heatmap, threads, pipeline or layers
resolution: 1280x720
^
)"},
        Mistake{"WithHyphen", "average-masks: 3\n",
                R"(my.yaml:1:1: average-masks: unknown key; did you mean "average_masks"?
average-masks: 3
^
)"},
        Mistake{"GivenTwice",
                "fps: 30\n"
                "width: 640\n"
                "fps: 25\n",
                R"(my.yaml:3:1: fps: is given twice, on lines 1 and 3
fps: 25
^
)"},
        Mistake{
            "QuotedNumber", "width: \"1280\"\n",
            R"(my.yaml:1:8: width: must be a number between 1 and 16384, is the text "1280"; write it without quotes
width: "1280"
       ^
)"},
        Mistake{"TooLarge", "width: 99999\n",
                R"(my.yaml:1:8: width: must be a number between 1 and 16384, is 99999
width: 99999
       ^
)"},
        Mistake{"WrongRate", "fps: 0\n",
                R"(my.yaml:1:6: fps: must be a number between 0.1 and 1000, is 0
fps: 0
     ^
)"},
        Mistake{"RateWithUnit", "fps: 30fps\n",
                R"(my.yaml:1:6: fps: must be a number between 0.1 and 1000, is "30fps"
fps: 30fps
     ^
)"},
        Mistake{"Stride",
                "model: mobilenet\n"
                "stride: 10\n",
                R"(my.yaml:2:9: stride: must be 8, 16 or 32, is 10
stride: 10
        ^
)"},
        Mistake{
            "PercentForShare",
            "model: mobilenet\n"
            "segmentation_threshold: 75%\n",
            R"(my.yaml:2:25: segmentation_threshold: must be a number between 0 and 1, is "75%"; 75 % is 0.75
segmentation_threshold: 75%
                        ^
)"},
        Mistake{
            "CommaForPoint", "internal_resolution: 0,5\n",
            R"(my.yaml:1:22: internal_resolution: must be a number between 0.01 and 1, is "0,5"; write 0.5
internal_resolution: 0,5
                     ^
)"},
        Mistake{"FractionForWholeNumber", "average_masks: 2.5\n",
                R"(my.yaml:1:16: average_masks: must be a whole number between 1 and 100, is 2.5
average_masks: 2.5
               ^
)"},
        Mistake{
            "BooleanAsText", "mjpeg: \"true\"\n",
            R"(my.yaml:1:8: mjpeg: must be true, false or auto, is the text "true"; write it without quotes
mjpeg: "true"
       ^
)"},
        Mistake{"ListOfDevices", "real_video_device: [0, 1]\n",
                R"(my.yaml:1:20: real_video_device: must be the name of a device, is a list
real_video_device: [0, 1]
                   ^
)"},
        Mistake{"MisspeltModel", "model: mediapip\n",
                R"(my.yaml:1:8: model: there is no model "mediapip"; did you mean "mediapipe"?
model: mediapip
       ^
)"},
        Mistake{"MisspeltChoice", "output_format: yuv\n",
                R"(my.yaml:1:16: output_format: must be yuyv or yu12, is "yuv"; did you mean "yuyv"?
output_format: yuv
               ^
)"},
        Mistake{
            "IgnoredHere",
            "model: mediapipe\n"
            "segmentation_threshold: 0.5\n",
            R"(my.yaml:2:1: segmentation_threshold: warning: the mediapipe network gives a soft mask and ignores it
segmentation_threshold: 0.5
^
)"}));

INSTANTIATE_TEST_SUITE_P(
    Layers, TypicalMistake,
    testing::Values(
        Mistake{
            "Nothing", "layers:\n",
            R"(my.yaml:1:7: layers: must be a list of layers, is nothing; write each as a line "  - input: []"
layers:
      ^
)"},
        Mistake{"NamesOnly",
                "layers:\n"
                "  - input\n"
                "  - foreground\n",
                R"(my.yaml:2:5: layers[0]: a colon and the filters are missing; write "- input: []"
  - input
    ^
my.yaml:3:5: layers[1]: a colon and the filters are missing; write "- foreground: []"
  - foreground
    ^
)"},
        Mistake{"AsMap",
                "layers:\n"
                "  input: []\n"
                "  foreground: []\n",
                R"(my.yaml:2:3: layers: each layer needs a "- " before it: "- input: []"
  input: []
  ^
)"},
        Mistake{
            "WithoutTheirHead",
            "- input: []\n"
            "- foreground: []\n",
            R"(my.yaml:1:1: must be "key: value" lines, is a list; is a line "layers:" missing above it?
- input: []
^
)"},
        Mistake{"NoSpaceAfterHyphen",
                "layers:\n"
                "  -input: []\n",
                R"(my.yaml:2:3: layers: a space is missing after "-"; write "- input: []"
  -input: []
  ^
)"},
        Mistake{"NoSpaceAfterColon",
                "layers:\n"
                "  - input:[]\n",
                R"(my.yaml:2:5: layers[0]: a space is missing after the colon; write "- input: []"
  - input:[]
    ^
)"},
        Mistake{"TwoInOne",
                "layers:\n"
                "  - input: []\n"
                "    foreground: []\n",
                R"(my.yaml:3:5: layers[0]: each layer needs its own "- "
    foreground: []
    ^
)"},
        Mistake{
            "Misspelt",
            "layers:\n"
            "  - forground: []\n",
            R"(my.yaml:2:5: layers[0].forground: unknown layer source; did you mean "foreground"?
  - forground: []
    ^
)"},
        Mistake{
            "OfAnotherName",
            "layers:\n"
            "  - background: []\n",
            R"(my.yaml:2:5: layers[0].background: unknown layer source; it can be input, foreground, parts, not_parts, previous or empty
  - background: []
    ^
)"},
        Mistake{
            "PartsOfAModelThatHasNone",
            "layers:\n"
            "  - parts: [face]\n",
            R"(my.yaml:2:5: layers[0].parts: the model mediapipe gives no body parts; write "model: mobilenet" (they come from mobilenet or resnet50)
  - parts: [face]
    ^
)"},
        Mistake{
            "PartsThatAreNone",
            "model: mobilenet\n"
            "layers:\n"
            "  - parts: []\n"
            "  - not_parts: [arm, fase]\n",
            R"(my.yaml:3:12: layers[0].parts: names no part of the body; write them first, then the filters: ["face", "left_arm", ["blur", 10]]; there are also torso, hands, legs and feet
  - parts: []
           ^
my.yaml:4:22: layers[1].not_parts[1]: there is no part "fase"; did you mean "face"?
  - not_parts: [arm, fase]
                     ^
)"}));

INSTANTIATE_TEST_SUITE_P(
    Filters, TypicalMistake,
    testing::Values(
        Mistake{"Misspelt",
                "layers:\n"
                "  - input: [[\"blurr\", 10]]\n",
                R"(my.yaml:2:14: layers[0].input[0]: unknown filter "blurr"; did you mean "blur"?
  - input: [["blurr", 10]]
             ^
)"},
        Mistake{
            "OfAnotherName",
            "layers:\n"
            "  - input: [\"sparkle\"]\n",
            R"(my.yaml:2:13: layers[0].input[0]: unknown filter "sparkle"; `scrim filters` lists them
  - input: ["sparkle"]
            ^
)"},
        Mistake{
            "WithoutBrackets",
            "layers:\n"
            "  - input: grayscale\n",
            R"(my.yaml:2:12: layers[0].input: must be a list of filters, is "grayscale"; write ["grayscale"]
  - input: grayscale
           ^
)"},
        Mistake{"BelowTheirLayer",
                "layers:\n"
                "  - input:\n"
                "    grayscale\n",
                R"(my.yaml:3:5: layers[0]: filters stand in brackets: "- input: ["grayscale"]"
    grayscale
    ^
)"},
        Mistake{
            "OneBracketOnly",
            "layers:\n"
            "  - input: [\"blur\", 10]\n",
            R"(my.yaml:2:21: layers[0].input[1]: must be a filter, is 10; a filter with arguments is a list of its own: [["blur", ...]]
  - input: ["blur", 10]
                    ^
)"},
        Mistake{
            "BracketTooMany",
            "layers:\n"
            "  - input: [[[\"blur\", 10]]]\n",
            R"(my.yaml:2:14: layers[0].input[0]: must begin with the filter's name, is a list; there is one bracket too many
  - input: [[["blur", 10]]]
             ^
)"},
        Mistake{
            "AsMap",
            "layers:\n"
            "  - input:\n"
            "      - blur: 10\n",
            R"(my.yaml:3:9: layers[0].input[0]: a filter with arguments is written as a list: ["blur", 10]
      - blur: 10
        ^
)"},
        Mistake{
            "TooManyArguments",
            "layers:\n"
            "  - input: [[\"flip\", true, true, true]]\n",
            R"(my.yaml:2:34: layers[0].input[0]: takes at most 2 arguments (horizontal, vertical), 3 are given
  - input: [["flip", true, true, true]]
                                 ^
)"},
        Mistake{"ArgumentToOneWithout",
                "layers:\n"
                "  - input: [[\"grayscale\", 50]]\n",
                R"(my.yaml:2:27: layers[0].input[0]: takes no arguments, 1 is given
  - input: [["grayscale", 50]]
                          ^
)"},
        Mistake{
            "ArgumentMissing",
            "layers:\n"
            "  - empty: [\"image\"]\n",
            R"(my.yaml:2:13: layers[0].empty[0]: image_path is missing: the picture; relative to the configuration's folder
  - empty: ["image"]
            ^
)"},
        Mistake{
            "TextForNumber",
            "layers:\n"
            "  - input: [[\"blur\", strong]]\n",
            R"(my.yaml:2:22: layers[0].input[0].intensity_x: must be a number between -4096 and 4096, is "strong"
  - input: [["blur", strong]]
                     ^
)"},
        Mistake{
            "QuotedNumber",
            "layers:\n"
            "  - input: [[\"blur\", \"10\"]]\n",
            R"(my.yaml:2:22: layers[0].input[0].intensity_x: must be a number between -4096 and 4096, is the text "10"; write it without quotes
  - input: [["blur", "10"]]
                     ^
)"},
        Mistake{"OutOfRange",
                "layers:\n"
                "  - empty: [[\"solid_color\", 0, 300, 0]]\n",
                R"(my.yaml:2:32: layers[0].empty[0].g: must be a number between 0 and 255, is 300
  - empty: [["solid_color", 0, 300, 0]]
                               ^
)"},
        Mistake{
            "ColourOfTheWeb",
            "layers:\n"
            "  - empty: [[\"solid_color\", \"#00ff00\"]]\n",
            R"(my.yaml:2:29: layers[0].empty[0].r: must be a number between 0 and 255, is "#00ff00"; a colour is three numbers: 0, 255, 0
  - empty: [["solid_color", "#00ff00"]]
                            ^
)"},
        Mistake{
            "SpaceBehindMinus",
            "layers:\n"
            "  - foreground: [[\"change_alpha\", - 10]]\n",
            R"(my.yaml:2:35: "- " can only begin a line; a number below zero is written without the space
  - foreground: [["change_alpha", - 10]]
                                  ^
)"},
        Mistake{
            "BooleanAsText",
            "layers:\n"
            "  - foreground: [[\"flip\", \"true\"]]\n",
            R"(my.yaml:2:27: layers[0].foreground[0].horizontal: must be true or false, is the text "true"; write it without quotes
  - foreground: [["flip", "true"]]
                          ^
)"},
        Mistake{
            "MisspeltArgument",
            "layers:\n"
            "  - input: [[\"blur\", {intensity: 10}]]\n",
            R"(my.yaml:2:23: layers[0].input[0].intensity: unknown argument; did you mean "intensity_x"?
  - input: [["blur", {intensity: 10}]]
                      ^
)"},
        Mistake{
            "ArgumentOfAnotherName",
            "layers:\n"
            "  - input: [[\"flip\", {sideways: true}]]\n",
            R"(my.yaml:2:23: layers[0].input[0].sideways: unknown argument; it can be horizontal or vertical
  - input: [["flip", {sideways: true}]]
                      ^
)"},
        Mistake{
            "ByPositionAndName",
            "layers:\n"
            "  - input: [[\"blur\", 10, {intensity_x: 3}]]\n",
            R"(my.yaml:2:27: layers[0].input[0].intensity_x: is given twice: by position and by name
  - input: [["blur", 10, {intensity_x: 3}]]
                          ^
)"},
        Mistake{
            "MisspeltChoice",
            "layers:\n"
            "  - empty: [[\"image\", \"beach.jpg\", \"CUBIC\"]]\n",
            R"(my.yaml:2:36: layers[0].empty[0].interpolation_method: must be LINEAR or NEAREST, is "CUBIC"
  - empty: [["image", "beach.jpg", "CUBIC"]]
                                   ^
)"},
        Mistake{
            "PictureMissing",
            "layers:\n"
            "  - empty: [[\"image\", \"beach.jpg\"]]\n"
            "  - foreground: []\n",
            R"(my.yaml:2:14: layers[0].empty[0]: missing: cannot open FOLDER/beach.jpg: there is no such file
  - empty: [["image", "beach.jpg"]]
             ^
)"}));

}  // namespace
}  // namespace scrim
