#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "config/config.h"

namespace scrim {
namespace {

std::string rendered(const std::string& text) {
    Diagnostics diagnostics("c.yaml", text);
    parse_config(text, "/etc/scrim", diagnostics);
    return diagnostics.render();
}

/// The first lines of what is reported for a text, without those that quote it.
std::string complaints(const std::string& text) {
    Diagnostics diagnostics("c.yaml", text);
    parse_config(text, "/etc/scrim", diagnostics);
    std::string all;
    for (const auto& item : diagnostics.all()) {
        if (!all.empty()) all += "\n";
        if (item.where.line > 0) {
            all += std::to_string(item.where.line) + ":" + std::to_string(item.where.column) + ": ";
        }
        if (!item.key.empty()) all += item.key + ": ";
        if (item.severity == Diagnostic::Severity::warning) all += "warning: ";
        all += item.reason;
    }
    return all;
}

TEST(ConfigErrors, AreSaidAllAtOnceInTheOrderOfTheFile) {
    EXPECT_EQ(rendered("widht: 640\n"
                       "fps: fast\n"
                       "layers:\n"
                       "  - inptu: []\n"
                       "  - foreground: [3]\n"
                       "model: mediapipe\n"
                       "segmentation_threshold: 0.7\n"
                       "fps: 30\n"),
              R"(c.yaml:1:1: widht: unknown key; did you mean "width"?
widht: 640
^
c.yaml:2:6: fps: must be a number between 0.1 and 1000, is "fast"
fps: fast
     ^
c.yaml:4:5: layers[0].inptu: unknown layer source; did you mean "input"?
  - inptu: []
    ^
c.yaml:5:18: layers[1].foreground[0]: must be a filter, is 3; write its name, or a list: ["blur", 10, 10]
  - foreground: [3]
                 ^
c.yaml:7:1: segmentation_threshold: warning: the mediapipe network gives a soft mask and ignores it
segmentation_threshold: 0.7
^
c.yaml:8:1: fps: is given twice, on lines 2 and 8
fps: 30
^
)");
}

struct Wrong {
    const char* text;
    const char* complaint;
};

class ConfigMistake : public testing::TestWithParam<Wrong> {};

TEST_P(ConfigMistake, IsSaidInPlainWords) {
    EXPECT_EQ(complaints(GetParam().text), GetParam().complaint);
}

INSTANTIATE_TEST_SUITE_P(
    Values, ConfigMistake,
    testing::Values(
        Wrong{"", "is empty; write at least \"layers:\""},
        Wrong{" \n\n", "is empty; write at least \"layers:\""},
        Wrong{"hello\n", "1:1: must be \"key: value\" lines, is \"hello\""},
        Wrong{"- input: []\n",
              "1:1: must be \"key: value\" lines, is a list; is a line \"layers:\" missing above "
              "it?"},
        Wrong{"width:640\n",
              "1:1: must be \"key: value\" lines, is \"width:640\"; a space is missing after the "
              "\":\""},
        Wrong{
            "width = 640\n",
            "1:1: must be \"key: value\" lines, is \"width = 640\"; write \": \" instead of \"=\""},
        Wrong{"treshold: 1\n",
              "1:1: treshold: unknown key; it can be width, height, fps, keep_rate, on_demand, "
              "cover, mjpeg, real_video_device, virtual_video_device, output_format, max_fps, "
              "cpu_budget, model, multiplier, stride, internal_resolution, "
              "segmentation_threshold, average_masks, dilate, erode, blur, mask_every, "
              "debug_show_mask, debug_show_heatmap, threads, pipeline or layers"},
        Wrong{"Width: 640\n", "1:1: Width: unknown key; did you mean \"width\"?"},
        Wrong{"virtual_video_divice: x\n",
              "1:1: virtual_video_divice: unknown key; did you mean \"virtual_video_device\"?"},
        Wrong{"width: 0\n", "1:8: width: must be a number between 1 and 16384, is 0"},
        Wrong{"width: 1280x720\n",
              "1:8: width: must be a number between 1 and 16384, is \"1280x720\""},
        Wrong{"width: 640.5\n", "1:8: width: must be a whole number between 1 and 16384, is 640.5"},
        Wrong{"fps: \"30\"\n",
              "1:6: fps: must be a number between 0.1 and 1000, is the text "
              "\"30\"; write it without quotes"},
        Wrong{"mjpeg: maybe\n", "1:8: mjpeg: must be true, false or auto, is \"maybe\""},
        Wrong{"mjpeg: [true]\n", "1:8: mjpeg: must be true, false or auto, is a list"},
        Wrong{"real_video_device: [0]\n",
              "1:20: real_video_device: must be the name of a device, is a list"},
        Wrong{"output_format: nv12\n", "1:16: output_format: must be yuyv or yu12, is \"nv12\""},
        Wrong{"model: {name: resnet}\n", "1:8: model: must be the name of a network, is a map"},
        Wrong{"multiplier: 0.3\n", "1:13: multiplier: must be 0.25, 0.5, 0.75 or 1.0, is 0.3"},
        Wrong{"stride: 12\n", "1:9: stride: must be 8, 16 or 32, is 12"},
        Wrong{"internal_resolution: 0,5\n",
              "1:22: internal_resolution: must be a number between 0.01 and 1, is \"0,5\"; write "
              "0.5"},
        Wrong{"internal_resolution: 75%\n",
              "1:22: internal_resolution: must be a number between 0.01 and 1, is \"75%\"; 75 % is "
              "0.75"},
        Wrong{"width: \"#ff8000\"\n",
              "1:8: width: must be a number between 1 and 16384, is \"#ff8000\"; a colour is three "
              "numbers: 255, 128, 0"},
        Wrong{"mjpeg: !auto\n",
              "1:8: mjpeg: a \"!\" before a value is not supported; a text that begins with it "
              "needs quotes"},
        Wrong{"internal_resolution: 2\n",
              "1:22: internal_resolution: must be a number between 0.01 and 1, is 2"},
        Wrong{"model: resnet50\nsegmentation_threshold: 75\n",
              "2:25: segmentation_threshold: must be a number between 0 and 1, is 75"},
        Wrong{"average_masks: 0\n",
              "1:16: average_masks: must be a number between 1 and 100, is 0"},
        Wrong{"dilate: -1\n", "1:9: dilate: must be a number between 0 and 4096, is -1"},
        Wrong{"debug_show_mask: 24\n",
              "1:18: debug_show_mask: must be a number between -1 and 23, is 24"},
        Wrong{"debug_show_heatmap: 17\n",
              "1:21: debug_show_heatmap: must be a number between -1 and 16, is 17"},
        Wrong{"segmentation_threshold: 0.5\n",
              "1:1: segmentation_threshold: warning: the mediapipe network gives a soft mask and "
              "ignores it"},
        Wrong{"model: mediapipe-square\nsegmentation_threshold: 0.5\n",
              "2:1: segmentation_threshold: warning: the mediapipe network gives a soft mask and "
              "ignores it"},
        Wrong{"model: mobilenet\nsegmentation_threshold: 0.5\n", ""}));

INSTANTIATE_TEST_SUITE_P(
    Layers, ConfigMistake,
    testing::Values(
        Wrong{"layers: []\n",
              "1:9: layers: is an empty list; write \"- input: []\" for the camera picture as it "
              "is, or leave \"layers\" out for a blurred background"},
        Wrong{"layers:\n",
              "1:7: layers: must be a list of layers, is nothing; write each as a "
              "line \"  - input: []\""},
        Wrong{"layers: input\n",
              "1:9: layers: must be a list of layers, is \"input\"; write each "
              "as a line \"  - input: []\""},
        Wrong{"layers:\n  input: []\n  foreground: []\n",
              "2:3: layers: each layer needs a \"- \" before it: \"- input: []\""},
        Wrong{"layers:\n  -input: []\n",
              "2:3: layers: a space is missing after \"-\"; write \"- input: []\""},
        Wrong{"layers: {}\n",
              "1:9: layers: must be a list of layers, is a map; write each as a line \"  - input: "
              "[]\""},
        Wrong{"layers:\n  - input:\n    grayscale:\n",
              "3:5: layers[0]: filters stand in brackets: \"- input: [\"grayscale\"]\""},
        Wrong{"layers:\n  - input\n",
              "2:5: layers[0]: a colon and the filters are missing; write \"- input: []\""},
        Wrong{"layers:\n  - foreground:[]\n",
              "2:5: layers[0]: a space is missing after the colon; write \"- foreground: []\""},
        Wrong{"layers:\n  - beach.png\n",
              "2:5: layers[0]: must be a layer, is \"beach.png\"; write \"- input: []\""},
        Wrong{"layers:\n  - [input]\n",
              "2:5: layers[0]: must be a layer, is a list; write \"- input: []\""},
        Wrong{"layers:\n  -\n  - {}\n",
              "2:3: layers[0]: must be a layer, is nothing; write \"- input: []\"\n"
              "3:5: layers[1]: must be a layer, is an empty map; write \"- input: []\""},
        Wrong{"layers:\n  - input: []\n    foreground: []\n",
              "3:5: layers[0]: each layer needs its own \"- \""},
        Wrong{"layers:\n  - forground: []\n",
              "2:5: layers[0].forground: unknown layer source; did you mean \"foreground\"?"},
        Wrong{"layers:\n  - camera: []\n",
              "2:5: layers[0].camera: unknown layer source; it can be input, foreground, parts, "
              "not_parts, previous or empty"},
        Wrong{"layers:\n  - parts: [fcae, [blur, 3]]\n",
              "2:13: layers[0].parts[0]: there is no part \"fcae\"; did you mean \"face\"?"},
        Wrong{"layers:\n  - parts: face\n",
              "2:12: layers[0].parts: must be a list of filters, is \"face\"; write [\"face\"]"},
        Wrong{"mask_every: 0\nlayers:\n  - input: []\n",
              "1:13: mask_every: must be auto or a whole number of 1 to 100, is 0"},
        Wrong{"threads: 0\nlayers:\n  - input: []\n",
              "1:10: threads: must be a number between 1 and 16, is 0"}));

INSTANTIATE_TEST_SUITE_P(
    Filters, ConfigMistake,
    testing::Values(
        Wrong{"layers:\n  - input: blur\n",
              "2:12: layers[0].input: must be a list of filters, is \"blur\"; write [\"blur\"]"},
        Wrong{"layers:\n  - input: 3\n",
              "2:12: layers[0].input: must be a list of filters, is 3; write [\"blur\", "
              "[\"flip\", true]]"},
        Wrong{"layers:\n  - input: {blur: 3}\n",
              "2:12: layers[0].input: must be a list of filters, is a map; write [[\"blur\", 3]]"},
        Wrong{"layers:\n  - input: [\"blur\", 10, 10]\n",
              "2:21: layers[0].input[1]: must be a filter, is 10; a filter with arguments is a "
              "list of its own: [[\"blur\", ...]]"},
        Wrong{"layers:\n  - input: [\"blur\", {intensity_x: 3}]\n",
              "2:21: layers[0].input[1]: these arguments belong into a list of their own with the "
              "filter: [[\"blur\", {...}]]"},
        Wrong{"layers:\n  - input: [{blur: {intensity_x: 3}}]\n",
              "2:13: layers[0].input[0]: a filter with arguments is written as a list: [\"blur\", "
              "...]"},
        Wrong{"layers:\n  - input:\n      - blur: [3, 4]\n",
              "3:9: layers[0].input[0]: a filter with arguments is written as a list: [\"blur\", "
              "...]"},
        Wrong{"layers:\n  - input: [[]]\n",
              "2:13: layers[0].input[0]: is an empty list; write the filter's name in it: "
              "[\"blur\", 10, 10]"},
        Wrong{"layers:\n  - input: [[[\"blur\", 3]]]\n",
              "2:14: layers[0].input[0]: must begin with the filter's name, is a list; there is "
              "one bracket too many"},
        Wrong{"layers:\n  - input: [[3, blur]]\n",
              "2:14: layers[0].input[0]: must begin with the filter's name, is 3"},
        Wrong{"layers:\n  - input: [~]\n",
              "2:13: layers[0].input[0]: must be a filter, is nothing; write its name, or a list: "
              "[\"blur\", 10, 10]"}));

/// A configuration with a bit of everything that YAML and the language have.
const std::string& sizeable() {
    static const std::string text = default_config_text() +
                                    R"(
fps: 2.5e1
mjpeg: auto
real_video_device: &camera "/dev/video0"
virtual_video_device: *camera
multiplier: 0.75
debug_show_mask: ~
)"
                                    "internal_resolution: .5  # h\u00e4lfte \u732b\r\n"
                                    R"(dilate: 0x5
erode: !!int 3
"blur": 1_0
)";
    return text;
}

TEST(ConfigText, TheSizeableOneIsRight) {
    EXPECT_EQ(rendered(sizeable()), "");
}

TEST(ConfigText, CutAnywhereItIsReadOrRefused) {
    for (std::size_t length = 0; length < sizeable().size(); ++length) {
        const std::string text = sizeable().substr(0, length);
        Diagnostics diagnostics("c.yaml", text);
        const Config config = parse_config(text, "/etc", diagnostics);
        EXPECT_FALSE(config.layers.empty()) << length;
        for (const auto& item : diagnostics.all()) {
            EXPECT_FALSE(item.reason.empty()) << length;
            EXPECT_GE(item.where.line, 0) << length;
        }
        diagnostics.render();
    }
}

TEST(ConfigText, WithAnyByteSpoiltItIsReadOrRefused) {
    using namespace std::string_view_literals;
    for (const char nasty : "\n\t\"'[}:-&!|\\\xff"sv) {
        std::string text = sizeable();
        for (std::size_t at = 0; at < text.size(); ++at) {
            const char before = std::exchange(text[at], nasty);
            Diagnostics diagnostics("c.yaml", text);
            const Config config = parse_config(text, "/etc", diagnostics);
            ASSERT_FALSE(config.layers.empty()) << at;
            text[at] = before;
        }
    }
}

}  // namespace
}  // namespace scrim
