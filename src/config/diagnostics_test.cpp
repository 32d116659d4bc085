#include "config/diagnostics.h"

#include <string>

#include <gtest/gtest.h>

namespace scrim {
namespace {

TEST(Diagnostics, ShowsPlaceKeyReasonLineAndCaret) {
    Diagnostics diagnostics("config.yaml",
                            "layers:\n  - empty: []\n  - input: [[\"blurr\", 10]]\n");
    diagnostics.error({.line = 3, .column = 14}, "layers[1].input[0]",
                      "unknown filter \"blurr\"; did you mean \"blur\"?");
    EXPECT_EQ(diagnostics.render(),
              "config.yaml:3:14: layers[1].input[0]: unknown filter \"blurr\"; did you mean "
              "\"blur\"?\n"
              "  - input: [[\"blurr\", 10]]\n"
              "             ^\n");
}

TEST(Diagnostics, SaysEverythingInTheOrderOfTheFile) {
    Diagnostics diagnostics("c.yaml", "a: 1\nb: 2\n");
    diagnostics.error({.line = 2, .column = 4}, "b", "second");
    diagnostics.warning({.line = 1, .column = 4}, "a", "first");
    diagnostics.error({}, "", "of the whole file");
    diagnostics.error({.line = 2, .column = 1}, "", "before the second");
    diagnostics.error({.line = 2, .column = 4}, "b", "third");
    EXPECT_EQ(diagnostics.render(),
              "c.yaml: of the whole file\n"
              "c.yaml:1:4: a: warning: first\na: 1\n   ^\n"
              "c.yaml:2:1: before the second\nb: 2\n^\n"
              "c.yaml:2:4: b: second\nb: 2\n   ^\n"
              "c.yaml:2:4: b: third\nb: 2\n   ^\n");
}

TEST(Diagnostics, WarningsAreNoErrors) {
    Diagnostics diagnostics("c.yaml", "a: 1\n");
    EXPECT_FALSE(diagnostics.has_errors());
    diagnostics.warning({.line = 1, .column = 1}, "a", "hm");
    EXPECT_FALSE(diagnostics.has_errors());
    diagnostics.error({.line = 1, .column = 1}, "a", "no");
    EXPECT_TRUE(diagnostics.has_errors());
    EXPECT_EQ(diagnostics.all().size(), 2U);
    EXPECT_EQ(diagnostics.all()[0].severity, Diagnostic::Severity::warning);
}

std::string caret_lines(const std::string& line, int column) {
    Diagnostics diagnostics("c", line + "\n");
    diagnostics.error({.line = 1, .column = column}, "", "x");
    const std::string text = diagnostics.render();
    return text.substr(text.find('\n') + 1);
}

TEST(Diagnostics, CaretStandsUnderTabsAccentsAndWideCharacters) {
    EXPECT_EQ(caret_lines("\ta:\tb", 5), "\ta:\tb\n\t  \t^\n");
    EXPECT_EQ(caret_lines("m\u00f6del: x", 8), "m\u00f6del: x\n       ^\n");
    EXPECT_EQ(caret_lines("\u732b: x", 4), "\u732b: x\n    ^\n");
    EXPECT_EQ(caret_lines("e\u0301: x", 5), "e\u0301: x\n   ^\n");
}

TEST(Diagnostics, CaretStaysWithinTheLine) {
    EXPECT_EQ(caret_lines("abc", 4), "abc\n   ^\n");
    EXPECT_EQ(caret_lines("abc", 99), "abc\n   ^\n");
    EXPECT_EQ(caret_lines("abc", 0), "abc\n^\n");
    EXPECT_EQ(caret_lines("", 1), "\n^\n");
}

TEST(Diagnostics, LinesEndBeforeCarriageReturnsAndBeginAfterAByteOrderMark) {
    Diagnostics diagnostics("c",
                            "\xEF\xBB\xBF"
                            "a: 1\r\nb: 2\r\n");
    diagnostics.error({.line = 1, .column = 1}, "", "x");
    diagnostics.error({.line = 2, .column = 4}, "", "y");
    EXPECT_EQ(diagnostics.render(), "c:1:1: x\na: 1\n^\nc:2:4: y\nb: 2\n   ^\n");
}

TEST(Diagnostics, LongLinesAreCutAroundTheCaret) {
    const std::string many(300, 'a');
    const std::string dots(57, 'a');
    EXPECT_EQ(caret_lines(many + "X" + many, 301), "..." + std::string(60, 'a') + "X" +
                                                       std::string(39, 'a') + "...\n" +
                                                       std::string(63, ' ') + "^\n");
    EXPECT_EQ(caret_lines(many, 1), std::string(100, 'a') + "...\n^\n");
    EXPECT_EQ(caret_lines(many, 300),
              "..." + std::string(60, 'a') + "a\n" + std::string(63, ' ') + "^\n");
    EXPECT_EQ(caret_lines(std::string(100, 'b'), 100),
              std::string(100, 'b') + "\n" + std::string(99, ' ') + "^\n");
}

TEST(Diagnostics, LongLinesAreCutBetweenCharacters) {
    std::string cats;
    for (int i = 0; i < 1000; ++i)
        cats += "\u732b";
    std::string shown;
    for (int i = 0; i < 30; ++i)
        shown += "\u732b";
    std::string after;
    for (int i = 0; i < 20; ++i)
        after += "\u732b";
    EXPECT_EQ(caret_lines(cats, 501),
              "..." + shown + after + "...\n" + std::string(63, ' ') + "^\n");
}

TEST(Diagnostics, NothingSteersTheTerminal) {
    Diagnostics diagnostics("c", "a: \x1b[31mred\xff\xc2\x9b\n");
    diagnostics.error({.line = 1, .column = 4}, "a\x1b]0;title",
                      "is \"\x1b[2J\"\nand \xff \xc2\x85");
    EXPECT_EQ(diagnostics.render(),
              "c:1:4: a\\x1b]0;title: is \"\\x1b[2J\"\\nand \\xff \\x85\n"
              "a: ?[31mred??\n"
              "   ^\n");
}

TEST(Diagnostics, EndlessTextIsCut) {
    Diagnostics diagnostics("c", "a\n");
    diagnostics.error({.line = 1, .column = 1}, std::string(5000, 'k'), std::string(5000, 'r'));
    EXPECT_LT(diagnostics.render().size(), 1000U);
}

TEST(Diagnostics, AfterAHundredItOnlyCounts) {
    Diagnostics diagnostics("c", "a\n");
    for (int i = 0; i < 103; ++i)
        diagnostics.error({.line = 1, .column = 1}, "", "no");
    const std::string text = diagnostics.render();
    EXPECT_TRUE(text.ends_with("c:1:1: no\na\n^\nc: and 3 more\n"));
}

}  // namespace
}  // namespace scrim
