#include "app/columns.h"

#include <gtest/gtest.h>

namespace scrim {
namespace {

const std::vector<Row>& rows() {
    static const std::vector<Row> all{{"blur", "box blur of the colour, not of the alpha"},
                                      {"gaussian_blur", "one\ntwo"}};
    return all;
}

TEST(Columns, OfAFileAreOneLineForEachLine) {
    EXPECT_EQ(columns(rows(), "", {}),
              "blur           box blur of the colour, not of the alpha\n"
              "gaussian_blur  one\n"
              "               two\n");
}

TEST(Columns, FitTheTerminal) {
    EXPECT_EQ(columns(rows(), "  ", {.width = 40}),
              "  blur           box blur of the colour,\n"
              "                 not of the alpha\n"
              "  gaussian_blur  one\n"
              "                 two\n");
}

TEST(Columns, OfANarrowTerminalStayReadable) {
    EXPECT_EQ(columns({{"blur", "box blur of the colour"}}, "", {.width = 4, .bold = true}),
              "\033[1mblur\033[0m  box blur of the\n"
              "      colour\n");
}

TEST(Columns, OfNothingAreNothing) {
    EXPECT_EQ(columns({}, "", {}), "");
    EXPECT_EQ(columns({{"a", ""}}, "", {}), "a  \n");
}

}  // namespace
}  // namespace scrim
