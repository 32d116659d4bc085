#include "config/schema.h"

#include <cstdlib>
#include <limits>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/scalar.h"

namespace scrim {
namespace {

enum class Method { linear, nearest };

/// A filter's parameters, one of each kind.
struct Example {
    int x = 5;
    std::optional<int> y;
    double share = 0.5;
    bool periodic = true;
    std::string label = "none";
    std::filesystem::path file;
    Method method = Method::linear;

    void bind(Schema& schema) {
        schema.integer("x", x, {0, 255}, "how far to the right");
        schema.integer("y", y, {0, 255}, "how far down").default_text("= x");
        schema.number("share", share, {0, 1}, "of the frame");
        schema.boolean("periodic", periodic, "wraps").alias("wrap");
        schema.text("label", label, "text on it");
        schema.path("file", file, "a picture");
        schema.choice("method", method, {{"LINEAR", Method::linear}, {"NEAREST", Method::nearest}},
                      "between the pixels");
    }
};

/// The complaints, each as "line:column key: reason", of reading `text` as a filter's arguments.
std::string read_into(Schema& schema, const std::string& text) {
    Diagnostics diagnostics("c", text);
    const Value value = parse_yaml(text, diagnostics);
    EXPECT_EQ(diagnostics.render(), "");
    if (value.kind == Value::Kind::list) {
        schema.read_arguments(value.items, {.line = 9, .column = 9}, "f", diagnostics, "/etc");
    } else {
        schema.read_map(value, "", diagnostics, "/etc");
    }
    std::string all;
    for (const auto& item : diagnostics.all()) {
        if (!all.empty()) all += "\n";
        all +=
            fmt::format("{}:{} {}: {}", item.where.line, item.where.column, item.key, item.reason);
    }
    return all;
}

std::string complaints(const std::string& text) {
    Example example;
    Schema schema;
    example.bind(schema);
    return read_into(schema, text);
}

Example read(const std::string& text) {
    Example example;
    Schema schema;
    example.bind(schema);
    EXPECT_EQ(read_into(schema, text), "");
    return example;
}

TEST(Schema, ArgumentsComeInEveryForm) {
    for (const char* const text :
         {"[1, 2, 0.25]", "[[1, 2, 0.25]]", "[{x: 1, y: 2, share: 0.25}]",
          "[1, {y: 2, share: 0.25}]", "[[1, {y: 2, share: 0.25}]]", "[1, 2, {share: 0.25}]",
          "[1.0, 0x2, 2.5e-1]", "{x: 1, y: 2, share: 0.25}"}) {
        const Example example = read(text);
        EXPECT_EQ(example.x, 1) << text;
        EXPECT_EQ(example.y, 2) << text;
        EXPECT_EQ(example.share, 0.25) << text;
        EXPECT_TRUE(example.periodic) << text;
    }
    for (const char* const text : {"[]", "[[]]", "[{}]", "[null, ~]", "[{x: }]", "{}"}) {
        const Example example = read(text);
        EXPECT_EQ(example.x, 5) << text;
        EXPECT_EQ(example.y, std::nullopt) << text;
    }
}

TEST(Schema, EveryKindIsRead) {
    const Example example =
        read("{periodic: off, label: yes, file: a/b.png, method: nearest, x: +7, y: 1_0}");
    EXPECT_FALSE(example.periodic);
    EXPECT_EQ(example.label, "yes");
    EXPECT_EQ(example.file, "/etc/a/b.png");
    EXPECT_EQ(example.method, Method::nearest);
    EXPECT_EQ(example.x, 7);
    EXPECT_EQ(example.y, 10);
    EXPECT_EQ(read("{label: \"10\"}").label, "10");
    EXPECT_EQ(read("{wrap: no}").periodic, false);
}

TEST(Schema, FilesAreRelativeToTheConfiguration) {
    EXPECT_EQ(resolve_path("beach.png", "/etc"), "/etc/beach.png");
    EXPECT_EQ(resolve_path("/srv/beach.png", "/etc"), "/srv/beach.png");
    EXPECT_EQ(resolve_path("beach.png", ""), "beach.png");
    const char* const home = std::getenv("HOME");
    if (home == nullptr) GTEST_SKIP() << "there is no HOME";
    EXPECT_EQ(resolve_path("~/beach.png", "/etc"), std::filesystem::path(home) / "beach.png");
}

struct Wrong {
    const char* text;
    const char* complaint;
};

class SchemaErrors : public testing::TestWithParam<Wrong> {};

TEST_P(SchemaErrors, AreSaidInPlainWords) {
    EXPECT_EQ(complaints(GetParam().text), GetParam().complaint);
}

INSTANTIATE_TEST_SUITE_P(
    Typical, SchemaErrors,
    testing::Values(
        Wrong{"[300]", "1:2 f.x: must be a number between 0 and 255, is 300"},
        Wrong{"[-1]", "1:2 f.x: must be a number between 0 and 255, is -1"},
        Wrong{"[2.5]", "1:2 f.x: must be a whole number between 0 and 255, is 2.5"},
        Wrong{"[ten]", "1:2 f.x: must be a number between 0 and 255, is \"ten\""},
        Wrong{"['10']",
              "1:2 f.x: must be a number between 0 and 255, is the text \"10\"; write it without "
              "quotes"},
        Wrong{"[10px]", "1:2 f.x: must be a number between 0 and 255, is \"10px\""},
        Wrong{"[1, [2]]", "1:5 f.y: must be a number between 0 and 255, is a list"},
        Wrong{"{share: .inf}", "1:9 share: must be a number between 0 and 1, is \".inf\""},
        Wrong{"{share: nan}", "1:9 share: must be a number between 0 and 1, is \"nan\""},
        Wrong{"{share: 1e999}", "1:9 share: must be a number between 0 and 1, is \"1e999\""},
        Wrong{"{x: 99999999999999999999}",
              "1:5 x: must be a number between 0 and 255, is 99999999999999999999"},
        Wrong{"{periodic: maybe}", "1:12 periodic: must be true or false, is \"maybe\""},
        Wrong{"{periodic: 'yes'}",
              "1:12 periodic: must be true or false, is the text \"yes\"; write it without quotes"},
        Wrong{"{periodic: 2}", "1:12 periodic: must be true or false, is 2"},
        Wrong{"{label: [a]}", "1:9 label: must be text, is a list"},
        Wrong{"{file: {a: b}}", "1:8 file: must be the name of a file, is a map"},
        Wrong{"{file: ''}", "1:8 file: must be the name of a file, is \"\""},
        Wrong{"{method: CUBIC}", "1:10 method: must be LINEAR or NEAREST, is \"CUBIC\""},
        Wrong{"{method: [NEAREST]}", "1:10 method: must be LINEAR or NEAREST, is a list"},
        Wrong{"{perodic: true}", "1:2 perodic: unknown key; did you mean \"periodic\"?"},
        Wrong{"[{lable: a}]", "1:3 f.lable: unknown argument; did you mean \"label\"?"},
        Wrong{"[{warp: yes}]", "1:3 f.warp: unknown argument; did you mean \"wrap\"?"},
        Wrong{"[{colour: a}]",
              "1:3 f.colour: unknown argument; it can be x, y, share, periodic, label, file or "
              "method"},
        Wrong{"[1, 2, 0, no, a, b, LINEAR, 8, 9]",
              "1:29 f: takes at most 7 arguments (x, y, share, periodic, label, file, method), 9 "
              "are given"},
        Wrong{"[1, {x: 2}]", "1:6 f.x: is given twice: by position and by name"},
        Wrong{"{wrap: yes, periodic: no}",
              "1:13 periodic: is given twice: as \"wrap\" and as \"periodic\""},
        Wrong{"[{x: 1}, 2]", "1:2 f.x: arguments by name must come last"},
        Wrong{"hello", "1:1 : must be \"key: value\" lines, is \"hello\""}));

TEST(Schema, EverythingIsSaidAtOnceAndTheRestIsRead) {
    Example example;
    Schema schema;
    example.bind(schema);
    EXPECT_EQ(read_into(schema, "{x: 300, y: 3, share: 2, lbel: a}"),
              "1:5 x: must be a number between 0 and 255, is 300\n"
              "1:23 share: must be a number between 0 and 1, is 2\n"
              "1:26 lbel: unknown key; did you mean \"label\"?");
    EXPECT_EQ(example.x, 5);
    EXPECT_EQ(example.y, 3);
    EXPECT_EQ(example.share, 0.5);
}

TEST(Schema, RequiredParametersAreAskedForAtTheFilter) {
    std::filesystem::path file;
    int width = 3;
    Schema schema;
    schema.path("image_path", file, "the picture").required();
    schema.integer("width", width, {0, 9}, "of it");
    EXPECT_EQ(read_into(schema, "[]"), "9:9 f: image_path is missing: the picture");
    EXPECT_EQ(read_into(schema, "[null, 3]"), "9:9 f: image_path is missing: the picture");
    EXPECT_EQ(read_into(schema, "[{width: 3}]"), "9:9 f: image_path is missing: the picture");
    EXPECT_EQ(read_into(schema, "[{image_path: a.png}]"), "");
    EXPECT_EQ(file, "/etc/a.png");
}

TEST(Schema, NoParametersMeansNoArguments) {
    Schema schema;
    EXPECT_EQ(read_into(schema, "[]"), "");
    EXPECT_EQ(read_into(schema, "[3]"), "1:2 f: takes no arguments, 1 is given");
    EXPECT_EQ(read_into(schema, "[3, 4]"), "1:2 f: takes no arguments, 2 are given");
    EXPECT_EQ(read_into(schema, "[{a: 4}]"), "1:3 f.a: unknown argument; there are none");
}

TEST(Schema, OpenLimitsAreSaidAsSuch) {
    int at_least = 1;
    int at_most = 1;
    double any = 1;
    Schema schema;
    schema.integer("at_least", at_least, {0, std::numeric_limits<int>::max()}, "");
    schema.integer("at_most", at_most, {std::numeric_limits<int>::min(), 9}, "");
    schema.number("any", any,
                  {std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max()}, "");
    EXPECT_EQ(read_into(schema, "[-1, 10, x]"),
              "1:2 f.at_least: must be a number of at least 0, is -1\n"
              "1:6 f.at_most: must be a number of at most 9, is 10\n"
              "1:10 f.any: must be a number, is \"x\"");
    EXPECT_EQ(schema.parameters()[0].limits, ">= 0");
    EXPECT_EQ(schema.parameters()[1].limits, "<= 9");
    EXPECT_EQ(schema.parameters()[2].limits, "");
}

TEST(Schema, CustomReadersGetTheValueTheKeyAndNothing) {
    std::string seen;
    Schema schema;
    schema.custom("matrix", "2x2 numbers", "[[1, 0], [0, 1]]", "what goes where",
                  [&seen](const Value& value, const std::string& key, Diagnostics& diagnostics) {
                      seen = key + " " + value.kind_name();
                      diagnostics.error(value.where, key, "never right");
                  });
    EXPECT_EQ(read_into(schema, "[{matrix: [1]}]"), "1:11 f.matrix: never right");
    EXPECT_EQ(seen, "f.matrix a list");
    EXPECT_EQ(read_into(schema, "[{matrix: }]"), "1:9 f.matrix: never right");
    EXPECT_EQ(seen, "f.matrix nothing");
}

TEST(Schema, SaysWhatItTakes) {
    Example example;
    Schema schema;
    example.bind(schema);
    std::string table;
    for (const auto& p : schema.parameters()) {
        table += fmt::format("{}|{}|{}|{}|{}\n", p.name, p.type, p.limits, p.default_text, p.help);
    }
    EXPECT_EQ(table,
              "x|integer|0..255|5|how far to the right\n"
              "y|integer|0..255|= x|how far down\n"
              "share|number|0..1|0.5|of the frame\n"
              "periodic|true/false||true|wraps\n"
              "label|text||none|text on it\n"
              "file|file|||a picture\n"
              "method|LINEAR | NEAREST||LINEAR|between the pixels\n");
    EXPECT_EQ(schema.parameters()[3].aliases, std::vector<std::string>{"wrap"});
}

std::optional<double> number(const std::string& text) {
    Value value;
    value.kind = Value::Kind::scalar;
    value.scalar = text;
    return number_of(value);
}

TEST(Scalar, NumbersAreThoseOfThePredecessorsYaml) {
    EXPECT_EQ(number("10"), 10);
    EXPECT_EQ(number("+5"), 5);
    EXPECT_EQ(number("-5"), -5);
    EXPECT_EQ(number("0"), 0);
    EXPECT_EQ(number("0x10"), 16);
    EXPECT_EQ(number("-0x1F"), -31);
    EXPECT_EQ(number("0b101"), 5);
    EXPECT_EQ(number("010"), 8);
    EXPECT_EQ(number("1_000_000"), 1e6);
    EXPECT_EQ(number(".5"), 0.5);
    EXPECT_EQ(number("5."), 5);
    EXPECT_EQ(number("-.5"), -0.5);
    EXPECT_EQ(number("0.25"), 0.25);
    EXPECT_EQ(number("1e3"), 1000);
    EXPECT_EQ(number("1.5E+3"), 1500);
    EXPECT_EQ(number("1e-2"), 0.01);
}

TEST(Scalar, WhatIsNoNumberIsNone) {
    for (const char* const text : {"",
                                   "+",
                                   "-",
                                   ".",
                                   "e",
                                   "e3",
                                   "_1",
                                   "--1",
                                   "+-1",
                                   "-+1",
                                   "0x",
                                   "0xg",
                                   "0x-1",
                                   "0b2",
                                   "08",
                                   "1e",
                                   "1,5",
                                   "1 2",
                                   "10px",
                                   "inf",
                                   "-inf",
                                   ".inf",
                                   "-.Inf",
                                   "nan",
                                   ".NaN",
                                   "infinity",
                                   "1e999",
                                   "1:30",
                                   "0x1p3",
                                   "abc",
                                   "0x11111111111111111",
                                   "\u0663"}) {
        EXPECT_EQ(number(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace scrim
