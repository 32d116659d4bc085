#include "filter/registry.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace scrim {
namespace {

TEST(FilterRegistry, IsInTheOrderOfTheAlphabetWithoutRepetition) {
    const auto kinds = filter_kinds();
    const auto not_before = [](const FilterKind& a, const FilterKind& b) {
        return a.name >= b.name;
    };
    const auto wrong = std::adjacent_find(kinds.begin(), kinds.end(), not_before);
    if (wrong != kinds.end()) FAIL() << wrong->name << " stands before " << (wrong + 1)->name;
}

TEST(FilterRegistry, ExamplesAreOneLayerThatUsesTheFilterFirst) {
    for (const FilterKind& kind : filter_kinds()) {
        const std::string text = "layers:\n  - " + std::string(kind.example) + "\n";
        Diagnostics diagnostics("example.yaml", text);
        const Config config = parse_config(text, "/", diagnostics);
        EXPECT_EQ(diagnostics.render(), "");
        ASSERT_EQ(config.layers.size(), 1U) << kind.name;
        ASSERT_FALSE(config.layers[0].filters.empty()) << kind.name;
        EXPECT_EQ(config.layers[0].filters[0].name, kind.name);
    }
}

}  // namespace
}  // namespace scrim
