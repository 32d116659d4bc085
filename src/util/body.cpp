#include "util/body.h"

#include <algorithm>

namespace scrim {
namespace {

using Words = std::vector<std::string_view>;

Words words_of(std::string_view name) {
    Words words;
    while (!name.empty()) {
        const std::size_t end = std::min(name.find('_'), name.size());
        words.push_back(name.substr(0, end));
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    return words;
}

std::string_view singular(std::string_view word) {
    if (word == "feet") return "foot";
    if (word.ends_with('s')) word.remove_suffix(1);
    return word;
}

/// Whether all words come in the part's name, in that order.
bool names_part(const Words& words, std::string_view part) {
    auto next = words.begin();
    for (const std::string_view word : words_of(part)) {
        if (next != words.end() && singular(*next) == word) ++next;
    }
    return next == words.end();
}

}  // namespace

std::optional<PartSet> parts_named(std::string_view name) {
    const Words words = words_of(name);
    PartSet set;
    for (std::size_t i = 0; i < body_parts.size(); ++i)
        set[i] = !words.empty() && names_part(words, body_parts[i]);
    return set.any() ? std::optional(set) : std::nullopt;
}

std::vector<std::string> part_names() {
    std::vector<std::string> names{"face",  "torso", "left_arm", "right_arm", "arms",
                                   "hands", "legs",  "feet",     "left_leg",  "right_leg"};
    names.insert(names.end(), body_parts.begin(), body_parts.end());
    return names;
}

}  // namespace scrim
