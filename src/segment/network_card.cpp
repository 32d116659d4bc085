#include "segment/network_card.h"

#include <algorithm>

#include <fmt/format.h>

#include "config/document.h"
#include "config/scalar.h"
#include "segment/network_states.h"
#include "util/error.h"

namespace scrim {
namespace {

constexpr double white = 255;

/// A list of so many numbers.
std::optional<std::vector<double>> numbers_of(const Value& value, std::size_t count) {
    if (value.kind != Value::Kind::list || value.items.size() != count) return std::nullopt;
    std::vector<double> numbers;
    for (const Value& item : value.items) {
        const auto number = number_of(item);
        if (!number) return std::nullopt;
        numbers.push_back(*number);
    }
    return numbers;
}

/// What the card says of colours, in its two ways.
struct Colours {
    std::optional<InputRange> range;
    std::optional<double> scale;
    std::optional<InputRange> offset;  // its offset alone means something
};

void bind_colours(Schema& schema, Colours& colours) {
    schema.custom(
        "range", "[low, high]", "[0, 1]", "what the network wants black and white to be",
        [&](const Value& value, const std::string& key, Diagnostics& diagnostics) {
            if (value.kind == Value::Kind::null) return;
            const auto ends = numbers_of(value, 2);
            if (!ends || (*ends)[0] == (*ends)[1]) {
                return diagnostics.error(
                    value.where, key,
                    "must be two numbers as in [0, 1] or [-1, 1], is " + shown(value));
            }
            const double low = (*ends)[0];
            colours.range = InputRange{((*ends)[1] - low) / white, {low, low, low}, false};
        });
    schema.number("scale", colours.scale, {-1000, 1000},
                  "instead of range: what a colour of 0 to 255 is multiplied with");
    schema.custom(
        "offset", "number | [red, green, blue]", "0", "what is added after scale",
        [&](const Value& value, const std::string& key, Diagnostics& diagnostics) {
            if (value.kind == Value::Kind::null) return;
            if (const auto number = number_of(value)) {
                colours.offset = InputRange{1, {*number, *number, *number}, false};
            } else if (const auto three = numbers_of(value, 3)) {
                colours.offset = InputRange{1, {(*three)[0], (*three)[1], (*three)[2]}, false};
            } else {
                diagnostics.error(
                    value.where, key,
                    "must be a number or those of red, green and blue, is " + shown(value));
            }
        });
}

std::optional<InputRange> range_of(const Colours& colours) {
    if (colours.range || (!colours.scale && !colours.offset)) return colours.range;
    InputRange range = colours.offset.value_or(InputRange{});
    range.scale = colours.scale.value_or(1);
    return range;
}

/// The output's name alone, or with how the state's size follows the picture's.
void read_state(const Value::Entry& entry, const std::string& key, NetworkCard& card,
                Diagnostics& diagnostics) {
    StateOnCard state{entry.key, {}, std::nullopt};
    if (entry.value.kind == Value::Kind::scalar) {
        state.output = entry.value.scalar;
    } else if (entry.value.kind == Value::Kind::map) {
        constexpr int most = 256;
        Schema schema;
        schema.text("output", state.output, "the output that is fed back").required();
        schema.integer("stride", state.stride, {1, most},
                       "of a state of open size: the picture's sides are so many times its own");
        schema.read_map(entry.value, key + "." + entry.key, diagnostics, {});
    } else {
        return diagnostics.error(entry.value.where, key + "." + entry.key,
                                 "must be the name of an output, is " + shown(entry.value));
    }
    card.states.push_back(std::move(state));
}

void bind_states(Schema& schema, NetworkCard& card) {
    schema.custom("states", "{input: output}", "", "what is fed back from picture to picture",
                  [&](const Value& value, const std::string& key, Diagnostics& diagnostics) {
                      if (value.kind == Value::Kind::null) return;
                      if (value.kind != Value::Kind::map) {
                          return diagnostics.error(value.where, key,
                                                   "must be names of inputs and the outputs that "
                                                   "feed them, as in {h_in: h_out}, is " +
                                                       shown(value));
                      }
                      for (const Value::Entry& entry : value.entries)
                          read_state(entry, key, card, diagnostics);
                  });
}

void bind_card(Schema& schema, NetworkCard& card, Colours& colours) {
    constexpr int most = 8192;
    bind_colours(schema, colours);
    schema.choice("order", card.order, {{"rgb", ColourOrder::rgb}, {"bgr", ColourOrder::bgr}},
                  "which colour comes first");
    schema.integer("width", card.width, {1, most}, "of the input, where the file leaves it open");
    schema.integer("height", card.height, {1, most}, "of the input, where the file leaves it open");
    schema.text("input", card.input, "the name of the input that is the picture");
    schema.text("output", card.output, "the name of the output that shows the person");
    schema.integer("channel", card.channel, {0, most}, "its channel that is the person, from 0");
    schema.choice("activation", card.activation,
                  {{"none", ScoreActivation::none},
                   {"sigmoid", ScoreActivation::sigmoid},
                   {"softmax", ScoreActivation::softmax}},
                  "what makes 0 to 1 of the output");
    schema.choice("mask", card.mask, {{"soft", MaskEdges::soft}, {"hard", MaskEdges::hard}},
                  "hard: cut at segmentation_threshold");
    bind_states(schema, card);
}

/// Whether an output can be a picture of where the person is.
bool is_map(const OutputFacts& output) {
    return output.shape[1] > 1 && output.shape[2] > 1;
}

bool feeds_a_state(const NetworkCard& card, const OutputFacts& output) {
    return std::any_of(card.states.begin(), card.states.end(),
                       [&](const StateOnCard& state) { return state.output == output.name; });
}

/// The one that the card names, else the only picture among those that are not only memory.
std::optional<std::size_t> output_of(const NetworkCard& card, const NetworkFacts& facts) {
    const auto& outputs = facts.outputs;
    if (outputs.size() == 1) return 0;
    std::optional<std::size_t> only;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (!card.output.empty() && outputs[i].name == card.output) return i;
        if (!is_map(outputs[i]) || feeds_a_state(card, outputs[i])) continue;
        if (only) return std::nullopt;
        only = i;
    }
    return only;
}

std::optional<int> channel_of(const NetworkCard& card, const OutputFacts& output) {
    if (card.channel) return card.channel;
    if (output.shape[3] > 2) return std::nullopt;
    return output.shape[3] - 1;  // of two the first is what is behind the person
}

ScoreActivation activation_of(const NetworkCard& card, const OutputFacts& output) {
    if (card.activation != ScoreActivation::unknown) return card.activation;
    if (output.applied != ScoreActivation::none) return ScoreActivation::none;
    return output.shape[3] == 1 ? ScoreActivation::sigmoid : ScoreActivation::softmax;
}

const char* word(ScoreActivation activation) {
    switch (activation) {
        case ScoreActivation::sigmoid:
            return "sigmoid";
        case ScoreActivation::softmax:
            return "softmax";
        default:
            return "none";
    }
}

void check_channel(const OutputFacts& output, int channel, const std::string& file) {
    if (channel < output.shape[3]) return;
    throw Error("{}: channel: {} has channels 0 to {}, not {}", file, output.name,
                output.shape[3] - 1, channel);
}

std::vector<std::string> guesses(const NetworkCard& card, const OutputFacts& output,
                                 const NetworkUse& use) {
    std::vector<std::string> guessed;
    if (!card.range) guessed.emplace_back("range: [0, 1]");
    if (card.order == ColourOrder::unknown) guessed.emplace_back("order: rgb");
    if (!card.channel && output.shape[3] > 1) {
        guessed.push_back(fmt::format("channel: {}", use.channel));
    }
    if (card.activation == ScoreActivation::unknown && output.applied == ScoreActivation::none) {
        guessed.push_back(fmt::format("activation: {}", word(use.activation)));
    }
    return guessed;
}

/// With what is known; nothing where somebody has to decide, who is told so by use_of().
std::string suggested_states(const NetworkCard& card, const NetworkFacts& facts) {
    if (facts.inputs.size() == 1) return {};
    try {
        const NetworkUse use = use_of(card, facts, "");
        return fmt::format("input: \"{}\"\n", facts.inputs[use.input].name) +
               states_on_card(use, card, facts);
    } catch (const Error&) {
        return {};
    }
}

std::string range_line(const std::optional<InputRange>& range) {
    if (!range) return "range: [0, 1]        # a guess: [-1, 1] and [0, 255] are usual, too\n";
    return fmt::format("scale: {}\noffset: [{}]\n", range->scale, fmt::join(range->offset, ", "));
}

}  // namespace

NetworkCard parse_network_card(const std::string& text, Diagnostics& diagnostics) {
    NetworkCard card;
    Colours colours;
    Schema schema;
    bind_card(schema, card, colours);
    const Value root = parse_yaml(text, diagnostics);
    if (root.kind == Value::Kind::null) return card;
    schema.read_map(root, "", diagnostics, {});
    for (const Value::Entry& entry : root.entries) {
        const bool other_way = entry.key == "scale" || entry.key == "offset";
        if (colours.range && other_way) {
            diagnostics.error(entry.where, entry.key, "range says the same; leave one of them out");
        }
    }
    card.range = range_of(colours);
    return card;
}

bool shows_a_person(const NetworkFacts& facts) {
    return std::any_of(facts.outputs.begin(), facts.outputs.end(), is_map);
}

NetworkUse use_of(const NetworkCard& card, const NetworkFacts& facts,
                  const std::string& card_file) {
    constexpr int colours = 3;
    const std::size_t input = picture_among(facts.inputs, card, card_file);
    const Shape& picture = facts.inputs[input].shape;
    if (picture[3] != colours) {
        throw Error("its input of {} is no picture in colour", to_string(picture));
    }
    if (!shows_a_person(facts)) {
        throw Error("no output of it is a picture of where the person is: {}",
                    names_of(facts.outputs));
    }
    const auto number = output_of(card, facts);
    if (!number) {
        throw Error("it has {} outputs ({}); write \"output: NAME\" of one of them into {}",
                    facts.outputs.size(), names_of(facts.outputs), card_file);
    }
    const OutputFacts& output = facts.outputs[*number];
    const auto channel = channel_of(card, output);
    if (!channel) {
        throw Error(
            "its output {} has {} channels; write \"channel: N\" (from 0) of the person into {}",
            output.name, output.shape[3], card_file);
    }
    check_channel(output, *channel, card_file);
    NetworkUse use;
    use.range = card.range.value_or(InputRange{1 / white, {}, false});
    use.range.bgr = card.order == ColourOrder::bgr;
    use.input = input;
    use.output = *number;
    use.channel = *channel;
    use.activation = activation_of(card, output);
    use.hard = card.mask == MaskEdges::hard;
    use.guessed = guesses(card, output, use);
    find_states(use, card, facts, card_file);
    return use;
}

std::string suggested_card(const NetworkCard& card, const NetworkFacts& facts) {
    std::string text = range_line(card.range);
    text += fmt::format("order: {}\n", card.order == ColourOrder::bgr ? "bgr" : "rgb");
    if (card.width && card.height) {
        text += fmt::format("width: {}\nheight: {}\n", *card.width, *card.height);
    }
    const auto number = output_of(card, facts);
    if (!number) {
        return text + fmt::format("output: NAME         # one of {}\n", names_of(facts.outputs));
    }
    const OutputFacts& output = facts.outputs[*number];
    text += fmt::format("output: \"{}\"\n", output.name);
    if (const auto channel = channel_of(card, output)) {
        text += fmt::format("channel: {}\n", *channel);
    } else {
        text += fmt::format("channel: N           # 0 to {}, the one that is the person\n",
                            output.shape[3] - 1);
    }
    text += fmt::format("activation: {}\n", word(activation_of(card, output)));
    const bool hard = card.mask == MaskEdges::hard;
    text += hard ? "mask: hard\n" : "mask: soft           # hard: cut at segmentation_threshold\n";
    return text + suggested_states(card, facts);
}

}  // namespace scrim
