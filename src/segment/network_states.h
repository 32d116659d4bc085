#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "segment/network/states.h"
#include "segment/network/survey.h"
#include "segment/network_card.h"

namespace scrim {

/// What a network with several inputs is to be given: the picture and its own states. All throw
/// Error that says what to write into the card, or what on it does not fit the network.

/// Which input is the picture.
std::size_t picture_among(const std::vector<NetworkInput>& inputs, const NetworkCard& card,
                          const std::string& card_file);

/// The shape of an input that is no picture. Where the file leaves its sides open they follow the
/// picture's, by the stride on the card.
Shape shape_of_state(const NetworkInput& input, const NetworkCard& card, int picture_height,
                     int picture_width, const std::string& card_file);

/// Whether the names on the card are those of the file's inputs and outputs.
void check_state_names(const NetworkSurvey& survey, const NetworkCard& card,
                       const std::string& card_file);

/// From which output each input but the picture is fed. What the card does not say is guessed where
/// the shapes leave no choice; of guesses a line for people goes into `use.guessed`.
void find_states(NetworkUse& use, const NetworkCard& card, const NetworkFacts& facts,
                 const std::string& card_file);

/// The states as the lines of a card; empty where there are none. `use` as find_states() leaves it.
std::string states_on_card(const NetworkUse& use, const NetworkCard& card,
                           const NetworkFacts& facts);

/// "a 1x8x8x3, b 1x8x8x1", for messages.
template <typename Named>
std::string names_of(const std::vector<Named>& all) {
    std::string names;
    for (const Named& one : all)
        names += (names.empty() ? "" : ", ") + one.name + " " + to_string(one.shape);
    return names;
}

}  // namespace scrim
