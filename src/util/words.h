#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scrim {

/// The candidate that `word` was probably meant to be ("did you mean"), if one is close enough:
/// at most a third of its letters away (insert, delete, replace, swap of neighbours), case ignored.
std::optional<std::string> closest_word(std::string_view word,
                                        const std::vector<std::string>& candidates);

/// "a, b or c".
std::string join_or(const std::vector<std::string>& words);

}  // namespace scrim
