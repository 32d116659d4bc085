// Typical mistakes in the YAML of a configuration, and every message in full. Read them as somebody
// who meets the language for the first time.

#include "e2e/mistakes.h"

namespace scrim {
namespace {

using test::Mistake;

class YamlMistake : public testing::TestWithParam<Mistake> {};

TEST_P(YamlMistake, IsExplained) {
    test::expect_explained(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Typical, YamlMistake,
    testing::Values(
        Mistake{"TabIndents",
                "layers:\n"
                "\t- input: []\n",
                "my.yaml:2:1: a tab cannot indent; use spaces\n"
                "\t- input: []\n"
                "^\n"},
        Mistake{"NoSpaceAfterColon",
                "width:1280\n"
                "height: 720\n",
                R"(my.yaml:1:6: a space is missing after this ":"
width:1280
     ^
)"},
        Mistake{
            "NoSpaceAfterTheOnlyColon", "width:1280\n",
            R"(my.yaml:1:1: must be "key: value" lines, is "width:1280"; a space is missing after the ":"
width:1280
^
)"},
        Mistake{"ColonMissing",
                "layers\n"
                "  - input: []\n",
                R"(my.yaml:1:6: is a ":" missing at the end of this line?
layers
     ^
)"},
        Mistake{
            "EqualsSign", "width = 1280\n",
            R"(my.yaml:1:1: must be "key: value" lines, is "width = 1280"; write ": " instead of "="
width = 1280
^
)"},
        Mistake{
            "IndentedTooFar",
            "width: 1280\n"
            "  height: 720\n",
            R"(my.yaml:2:3: this line is indented further than the one above, which is complete; begin it in the same column
  height: 720
  ^
)"},
        Mistake{"ListItemOutOfLine",
                "layers:\n"
                "- input: []\n"
                " - foreground: []\n",
                R"(my.yaml:3:2: a list goes on with "- ", indented as the items above
 - foreground: []
 ^
)"},
        Mistake{"BracketMissing",
                "layers:\n"
                "  - input: [[\"blur\", 10]\n"
                "  - foreground: []\n",
                R"(my.yaml:2:12: this "[" is not closed
  - input: [["blur", 10]
           ^
)"},
        Mistake{"BracketMissingAtTheEnd",
                "layers:\n"
                "  - input: [[\"blur\", 10]\n",
                R"(my.yaml:2:12: this list is not closed: a "]" is missing
  - input: [["blur", 10]
           ^
)"},
        Mistake{"BracketTooMany",
                "layers:\n"
                "  - input: [[\"blur\", 10]]]\n",
                R"(my.yaml:2:26: this bracket closes nothing that is open
  - input: [["blur", 10]]]
                         ^
)"},
        Mistake{"CommaMissing",
                "layers:\n"
                "  - input: [[\"blur\" 10]]\n",
                R"(my.yaml:2:21: a "," or "]" is missing before this
  - input: [["blur" 10]]
                    ^
)"},
        Mistake{"QuoteMissing",
                "layers:\n"
                "  - empty: [[\"image\", \"room.jpg]]\n"
                "  - foreground: []\n",
                R"(my.yaml:2:23: layers[0].empty[0][1]: this quote is not closed
  - empty: [["image", "room.jpg]]
                      ^
)"},
        Mistake{
            "CurlyQuotes",
            "layers:\n"
            "  - input: [[“blur”, 10]]\n",
            R"(my.yaml:2:14: layers[0].input[0]: unknown filter "“blur”"; its quotes must be straight ones: "
  - input: [[“blur”, 10]]
             ^
)"},
        Mistake{"ColonInText", "virtual_video_device: My camera: front\n",
                R"(my.yaml:1:32: a text with ": " in it needs quotes
virtual_video_device: My camera: front
                               ^
)"},
        Mistake{"PercentSignFirst", "model: %name\n",
                R"(my.yaml:1:8: a value cannot begin with this character; put the text in quotes
model: %name
       ^
)"},
        Mistake{
            "BackslashInQuotes",
            "layers:\n"
            "  - empty: [[\"image\", \"C:\\Users\\me\\beach.jpg\"]]\n",
            R"(my.yaml:2:26: this "\" means nothing in double quotes; write "\\" or use single quotes
  - empty: [["image", "C:\Users\me\beach.jpg"]]
                         ^
)"},
        Mistake{
            "CommentInsteadOfColour",
            "layers:\n"
            "  - empty: [[\"solid_color\", #00ff00]]\n",
            R"(my.yaml:2:13: this list is not closed: a "]" is missing; " #" begins a comment, put the text in quotes
  - empty: [["solid_color", #00ff00]]
            ^
)"},
        Mistake{
            "AliasOfNothing", "width: *w\n",
            R"(my.yaml:1:8: "*" stands for a value that is marked with "&" and this name above, and there is none; a text that begins with "*" needs quotes
width: *w
       ^
)"},
        Mistake{"AliasesMerged", "<<: {width: 640}\n",
                R"(my.yaml:1:1: <<: merging maps is not supported; write the keys out here
<<: {width: 640}
^
)"},
        Mistake{"TwoDocuments",
                "width: 640\n"
                "---\n"
                "width: 1280\n",
                R"(my.yaml:2:1: a second document begins here; a configuration is only one
---
^
)"},
        Mistake{"Empty", "",
                R"(my.yaml: is empty; write at least "layers:"
)"}));

}  // namespace
}  // namespace scrim
