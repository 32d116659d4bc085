#include "config/document.h"

#include <chrono>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace scrim {
namespace {

using namespace std::string_literals;

/// The tree in one line: text in quotes if it was quoted, nothing as ~, each with its place.
std::string sketch(const Value& value) {
    std::string text = fmt::format("{}:{} ", value.where.line, value.where.column);
    switch (value.kind) {
        case Value::Kind::null:
            return text + "~";
        case Value::Kind::scalar:
            return text + (value.quoted ? "'" + value.scalar + "'" : value.scalar);
        case Value::Kind::list:
            text += "[";
            for (const auto& item : value.items)
                text += " " + sketch(item);
            return text + " ]";
        case Value::Kind::map:
            text += "{";
            for (const auto& entry : value.entries) {
                text += fmt::format(" {}:{} {}=", entry.where.line, entry.where.column, entry.key);
                text += sketch(entry.value);
            }
            return text + " }";
    }
    return text;
}

std::string read(const std::string& text) {
    Diagnostics diagnostics("c", text);
    const Value value = parse_yaml(text, diagnostics);
    EXPECT_EQ(diagnostics.render(), "");
    return sketch(value);
}

/// The complaints without the quoted lines.
std::string complaints(const std::string& text) {
    Diagnostics diagnostics("c", text);
    parse_yaml(text, diagnostics);
    std::string all;
    for (const auto& item : diagnostics.all()) {
        if (!all.empty()) all += "\n";
        all += fmt::format("{}:{} ", item.where.line, item.where.column);
        if (!item.key.empty()) all += item.key + ": ";
        all += item.reason;
    }
    return all;
}

TEST(Document, GivesEveryValueItsPlaceCountedFromOne) {
    EXPECT_EQ(read("a: 1\nb:\n  - 'x'\n  - {c: \"y\"}\n"),
              "1:1 { 1:1 a=1:4 1 2:1 b=3:3 [ 3:5 'x' 4:5 { 4:6 c=4:9 'y' } ] }");
}

TEST(Document, ColumnsCountCharacters) {
    EXPECT_EQ(read("\u00e4: [\u732b, x]\n"), "1:1 { 1:1 \u00e4=1:4 [ 1:5 \u732b 1:8 x ] }");
    EXPECT_EQ(read("\xEF\xBB\xBF"
                   "a: b\r\nc: d\r\n"),
              "1:1 { 1:1 a=1:4 b 2:1 c=2:4 d }");
}

TEST(Document, NothingStandsWhereItIsMissing) {
    EXPECT_EQ(read("a:\n\nb: ~\nc: null\nd:  # later\n"),
              "1:1 { 1:1 a=1:2 ~ 3:1 b=3:4 ~ 4:1 c=4:4 ~ 5:1 d=5:11 ~ }");
    EXPECT_EQ(read("-\n- x\n-\n"), "1:1 [ 1:1 ~ 2:3 x 3:1 ~ ]");
}

TEST(Document, EmptyTextIsNothing) {
    EXPECT_EQ(read(""), "0:0 ~");
    EXPECT_EQ(read("# only a comment\n"), "0:0 ~");
}

TEST(Document, BlockTextAndTagsOfTheCoreAreRead) {
    EXPECT_EQ(read("a: |\n  x\n  y\nb: !!str 10\nc: !!int 10\nd: !!null x\n"),
              "1:1 { 1:1 a=1:4 'x\ny\n' 4:1 b=4:4 '10' 5:1 c=5:4 10 6:1 d=6:4 ~ }");
}

TEST(Document, AliasesAreExpanded) {
    EXPECT_EQ(read("a: &x [1, {b: 2}]\nc: *x\n"),
              "1:1 { 1:1 a=1:4 [ 1:8 1 1:11 { 1:12 b=1:15 2 } ] "
              "2:1 c=1:4 [ 1:8 1 1:11 { 1:12 b=1:15 2 } ] }");
}

TEST(Document, DuplicateKeysNameBothLines) {
    EXPECT_EQ(complaints("width: 1\nfps: 2\nwidth: 3\n"),
              "3:1 width: is given twice, on lines 1 and 3");
    EXPECT_EQ(complaints("l:\n  - {a: 1, a: 2}\n"), "2:12 l[0].a: is given twice on line 2");
}

TEST(Document, KeysAreText) {
    EXPECT_EQ(complaints("[a]: 1\n{b: 2}: 3\n? \n"),
              "1:1 a key must be text, is a list\n"
              "2:1 a key must be text, is a map\n"
              "3:1 a key must be text, is nothing");
}

struct Wrong {
    const char* text;
    const char* complaint;
};

class DocumentErrors : public testing::TestWithParam<Wrong> {};

TEST_P(DocumentErrors, AreSaidInPlainWords) {
    EXPECT_EQ(complaints(GetParam().text), GetParam().complaint);
}

INSTANTIATE_TEST_SUITE_P(
    Typical, DocumentErrors,
    testing::Values(
        Wrong{"a: [1, 2\n", "1:4 this list is not closed: a \"]\" is missing"},
        Wrong{"a: {b: 2\n", "1:4 this map is not closed: a \"}\" is missing"},
        Wrong{"a: [\"x\" \"y\"]\n", "1:9 a \",\" or \"]\" is missing before this"},
        Wrong{"a: {b: 1 c: 2}\n", "1:11 a \",\" or \"}\" is missing before this"},
        Wrong{"a: ]\n", "1:4 this bracket closes nothing that is open"},
        Wrong{"l:\n  - i: [[1]\n  - f: []\n", "2:8 this \"[\" is not closed"},
        Wrong{"l: [[1]\nf: 2\n", "1:4 this \"[\" is not closed"},
        Wrong{"l: {a: [1]\nf: 2\n", "1:4 this \"{\" is not closed"},
        Wrong{"l: [\"[\", '[', [1] # [\n]\nf: 2\n  g: 3\n",
              "4:3 this line is indented further than the one above, which is complete; begin it "
              "in the same column"},
        Wrong{"l: [1, - 2]\n",
              "1:8 \"- \" can only begin a line; a number below zero is written without the "
              "space"},
        Wrong{"l: - 1\n",
              "1:4 \"- \" can only begin a line; a number below zero is written without the "
              "space"},
        Wrong{"l: [#00ff00]\n", "1:4 this list is not closed: a \"]\" is missing"},
        Wrong{"l: [1, #00ff00]\n",
              "1:4 this list is not closed: a \"]\" is missing; \" #\" begins a comment, put the "
              "text in quotes"},
        Wrong{"l:\n  - a\n - b\n",
              "3:2 a \"key: value\" line is expected here, indented as those above"},
        Wrong{"- a\nb: 1\n",
              "2:1 this does not go on with what stands above it; is it indented differently, or "
              "is one a list and the other \"key: value\" lines?"},
        Wrong{"a: b\n---\nc: d\n",
              "2:1 a second document begins here; a configuration is only one"},
        Wrong{"a: \"x\nb: 1\n", "1:4 a: this quote is not closed"},
        Wrong{"a: 'x''\n", "1:4 a: this quote is not closed"},
        Wrong{"a: \"x\\\"\n", "1:4 a: this quote is not closed"},
        Wrong{"a:\n\t- b\n", "2:1 a tab cannot indent; use spaces"},
        Wrong{"a:\n  \tb: 1\n", "2:3 a tab cannot indent; use spaces"},
        Wrong{"a: @x\n", "1:4 a value cannot begin with this character; put the text in quotes"},
        Wrong{
            "a: \"C:\\media\"\n",
            "1:7 this \"\\\" means nothing in double quotes; write \"\\\\\" or use single quotes"},
        Wrong{
            "a: \"C:\\Users\\me\"\n",
            "1:7 this \"\\\" means nothing in double quotes; write \"\\\\\" or use single quotes"},
        Wrong{
            "a: *x\n",
            "1:4 \"*\" stands for a value that is marked with \"&\" and this name above, and there "
            "is none; a text that begins with \"*\" needs quotes"},
        Wrong{"a: &x [*x]\n", "1:8 a[0]: this alias stands for a value that contains it"},
        Wrong{"a: !mine b\n",
              "1:4 a: a \"!\" before a value is not supported; a text that begins with it needs "
              "quotes"},
        Wrong{"<<: {a: 1}\n", "1:1 <<: merging maps is not supported; write the keys out here"},
        Wrong{"a: b: c\n", "1:5 a text with \": \" in it needs quotes"},
        Wrong{"a:1\nb: 2\n", "1:2 a space is missing after this \":\""},
        Wrong{"# x\na\n\n  b: 2\n", "2:1 is a \":\" missing at the end of this line?"},
        Wrong{"a: \xff\n", "1:4 the byte 0xff is not UTF-8; save the file as UTF-8"},
        Wrong{"\u00e4: \xc3\n", "1:4 the byte 0xc3 is not UTF-8; save the file as UTF-8"},
        Wrong{"a: \xc0\xaf\n", "1:4 the byte 0xc0 is not UTF-8; save the file as UTF-8"},
        Wrong{"a: \xed\xa0\x80\n", "1:4 the byte 0xed is not UTF-8; save the file as UTF-8"},
        Wrong{"a: \x1b[0m\n", "1:4 the control character 0x1b cannot stand in a configuration"},
        Wrong{"a: \x04\n", "1:4 the control character 0x04 cannot stand in a configuration"}));

TEST(Document, NulAndUtf16AreRefused) {
    EXPECT_EQ(complaints("a: b\0c\n"s),
              "1:5 the control character 0x00 cannot stand in a configuration");
    EXPECT_EQ(complaints("\xff\xfe"
                         "a\0:\0"s),
              "1:1 the file is in UTF-16; save it as UTF-8");
}

TEST(Document, WhatWasCompleteBeforeASyntaxErrorIsReturned) {
    const std::string text = "a: 1\nb: [x]\nc: [y\n";
    Diagnostics diagnostics("c", text);
    EXPECT_EQ(sketch(parse_yaml(text, diagnostics)), "1:1 { 1:1 a=1:4 1 2:1 b=2:4 [ 2:5 x ] }");
    EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Document, AValueThatSwallowedTheNextLineIsDropped) {
    const std::string text = "a: 1\nwidth: 640\n  height: 480\n";
    Diagnostics diagnostics("c", text);
    EXPECT_EQ(sketch(parse_yaml(text, diagnostics)), "1:1 { 1:1 a=1:4 1 }");
    ASSERT_EQ(diagnostics.all().size(), 1U);
    EXPECT_EQ(diagnostics.all()[0].reason,
              "this line is indented further than the one above, which is complete; begin it in "
              "the same column");
}

std::string repeated(std::string_view piece, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes)
        text += piece;
    return text;
}

TEST(Document, DeepNestingIsRefused) {
    const std::string reason = "lists and maps are nested more than 64 deep";
    EXPECT_EQ(complaints(std::string(64, '[') + std::string(64, ']')), "");
    EXPECT_EQ(complaints(std::string(65, '[') + std::string(65, ']')), "1:65 " + reason);
    EXPECT_EQ(complaints(repeated("- ", 100'000)), "1:129 " + reason);
    // Where nothing is closed, the parser takes every bracket for a possible key as well.
    for (const std::string_view piece : {"[", "{", "[\n", "[a, ", "{a: ", "[: ", "{? "}) {
        EXPECT_TRUE(complaints("a: " + repeated(piece, 100'000)).ends_with(reason)) << piece;
    }
}

TEST(Document, AliasesCannotBuildWhatTextMayNot) {
    std::string tower = "l0: &l0 [x]\n";
    for (int i = 1; i < 80; ++i)
        tower += fmt::format("l{0}: &l{0} [*l{1}]\n", i, i - 1);
    EXPECT_EQ(complaints(tower), "64:12 l63[0]: lists and maps are nested more than 64 deep");

    std::string laughs = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        laughs += fmt::format("l{0}: &l{0} [*l{1}, *l{1}, *l{1}, *l{1}, *l{1}, *l{1}, *l{1}]\n", i,
                              i - 1);
    }
    EXPECT_NE(complaints(laughs).find("there are more than 100000 values"), std::string::npos);
}

TEST(Document, SizeIsLimited) {
    EXPECT_EQ(complaints(std::string((1 << 20) + 1, '#')), "0:0 is larger than 1 MiB");
    EXPECT_EQ(complaints(std::string(1 << 20, '#')), "");
    EXPECT_NE(complaints("[" + repeated("1,", 300'000) + "]").find("more than 100000 values"),
              std::string::npos);
}

/// Much of each thing that a parser may be slow at. With a cost that grows with the square of the
/// length, these would take minutes.
TEST(Document, NothingTakesLong) {
    for (const std::string_view piece :
         {"[",  "{",  "- ",  "-\n", "? ",       "a: ",      "[a,",    "{a: ",   "&a ", "*a ", "! ",
          "\"", "'",  "a\n", "a ",  "---\n",    "%a\n",     "[a]",    "a: b\n", ": ",  "[: ", "{? ",
          "\\", "\t", "\r",  " \n", "{a: b}, ", "[a, b]: ", "\u732b", "\"\": ", "- - "}) {
        const auto start = std::chrono::steady_clock::now();
        complaints(repeated(piece, 1 << 18));
        const auto took = std::chrono::steady_clock::now() - start;
        EXPECT_LT(took, std::chrono::seconds(10)) << piece;
    }
}

}  // namespace
}  // namespace scrim
