#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/schema.h"
#include "segment/network/graph.h"
#include "segment/network/states.h"
#include "segment/network/survey.h"
#include "segment/picture_input.h"

namespace scrim {

enum class ColourOrder : std::uint8_t { unknown, rgb, bgr };
enum class ScoreActivation : std::uint8_t { unknown, none, sigmoid, softmax };
enum class MaskEdges : std::uint8_t { unknown, soft, hard };

/// A state on the card: an input that gets what an output gave with the picture before.
struct StateOnCard {
    std::string input;
    std::string output;
    std::optional<int> stride;  // how often its sides go into the picture's, where they are open
};

/// What the file of a network does not say and its user has to: a small YAML beside it. Everything
/// may be missing.
struct NetworkCard {
    std::optional<InputRange> range;  // of red, green, blue
    ColourOrder order = ColourOrder::unknown;
    std::optional<int> width, height;  // of the input, where the file leaves it open
    std::string input;                 // the picture's name in the file; empty = not said
    std::string output;                // the person's
    std::optional<int> channel;        // of the output, counted from 0: the person
    ScoreActivation activation = ScoreActivation::unknown;
    MaskEdges mask = MaskEdges::unknown;
    std::vector<StateOnCard> states;
};

/// Reads a card; everything wrong goes into `diagnostics`.
NetworkCard parse_network_card(const std::string& text, Diagnostics& diagnostics);

/// What can be read from the network itself.
struct OutputFacts {
    std::string name;
    Shape shape{};
    ScoreActivation applied = ScoreActivation::none;  // what the network ends with
};
struct NetworkFacts {
    std::vector<NetworkInput> inputs;
    std::vector<OutputFacts> outputs;
};

/// Whether one of the outputs can be a picture of where the person is.
bool shows_a_person(const NetworkFacts& facts);

/// How a network is used as a segmenter: card, facts, and guesses for the rest.
struct NetworkUse {
    InputRange range;
    std::size_t input = 0;
    std::size_t output = 0;
    int channel = 0;
    ScoreActivation activation = ScoreActivation::none;  // to be applied to what the network gives
    bool hard = false;
    std::vector<StateLoop> states;
    std::vector<std::string> guessed;  // "colours of 0 to 1", for people
};

/// Throws Error that says what to write into which file, where a guess would be as good as none, or
/// where the card does not fit the network.
NetworkUse use_of(const NetworkCard& card, const NetworkFacts& facts, const std::string& card_file);

/// A card to be saved: what is known or guessed, and comments where somebody has to decide.
std::string suggested_card(const NetworkCard& card, const NetworkFacts& facts);

}  // namespace scrim
