#include "config/places.h"

#include <algorithm>

namespace scrim {

Places::Places(std::string_view text) : text_(text) {
    const auto continues = [text](std::size_t at) {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    Place place{.line = 1, .column = 1};
    places_.reserve(text.size() + 1);
    for (std::size_t at = 0; at < text.size(); ++at) {
        places_.push_back(place);
        if (text[at] == '\n') {
            place = {.line = place.line + 1, .column = 1};
        } else if (!continues(at + 1)) {
            ++place.column;
        }
    }
    places_.push_back(place);
}

Location Places::at(std::size_t byte) const {
    const Place& place = places_[std::min(byte, places_.size() - 1)];
    return {.line = static_cast<int>(place.line), .column = static_cast<int>(place.column)};
}

Location Places::last_seen(std::size_t byte) const {
    const std::size_t found = text_.find_last_not_of(" \t\r\n", byte);
    return at(found == std::string_view::npos ? 0 : found);
}

}  // namespace scrim
