#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "config/diagnostics.h"

namespace scrim {

/// Turns byte offsets in a text into lines and columns, which count characters (those of yaml-cpp
/// count bytes). The text must outlive it.
class Places {
  public:
    explicit Places(std::string_view text);

    /// The place of a byte; beyond the end, that of the end.
    Location at(std::size_t byte) const;

    /// The last character up to `byte` that is not white space: what is missing at the end of a
    /// line or of the text is shown there, and not lines below.
    Location last_seen(std::size_t byte) const;

  private:
    struct Place {
        std::uint32_t line;
        std::uint32_t column;
    };
    std::string_view text_;
    std::vector<Place> places_;
};

}  // namespace scrim
