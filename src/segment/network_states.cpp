#include "segment/network_states.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "util/error.h"
#include "util/words.h"

namespace scrim {
namespace {

template <typename Named>
std::vector<std::string> plain_names(const std::vector<Named>& all) {
    std::vector<std::string> names;
    names.reserve(all.size());
    for (const Named& one : all)
        names.push_back(one.name);
    return names;
}

/// The place of a name that stands on the card.
std::size_t place_of(const std::string& name, const std::vector<std::string>& names,
                     const char* what, const std::string& where) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    const auto meant = closest_word(name, names);
    throw Error("{}: the network has no {} \"{}\"; {}", where, what, name,
                meant ? fmt::format("did you mean \"{}\"?", *meant)
                      : fmt::format("it has {}", fmt::join(names, ", ")));
}

const StateOnCard* on_card(const NetworkCard& card, const std::string& input) {
    const auto found = std::find_if(card.states.begin(), card.states.end(),
                                    [&](const StateOnCard& s) { return s.input == input; });
    return found == card.states.end() ? nullptr : &*found;
}

/// In colour and more than a point; a side of 0 may be anything.
bool can_be_picture(const NetworkInput& input) {
    constexpr int colours = 3;
    const Shape& shape = input.shape;
    return (shape[3] == colours || shape[3] == 0) && shape[1] != 1 && shape[2] != 1;
}

/// A name as it has to be written between the braces of YAML.
std::string in_yaml(const std::string& name) {
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '/' || c == '.';
    });
    return plain ? name : '"' + name + '"';
}

bool is_fed(const std::vector<StateLoop>& states, std::size_t input) {
    return std::any_of(states.begin(), states.end(),
                       [&](const StateLoop& loop) { return loop.input == input; });
}

bool feeds(const std::vector<StateLoop>& states, std::size_t output) {
    return std::any_of(states.begin(), states.end(),
                       [&](const StateLoop& loop) { return loop.output == output; });
}

/// What the card says.
std::vector<StateLoop> said(const NetworkUse& use, const NetworkCard& card,
                            const NetworkFacts& facts, const std::string& where) {
    const std::vector<std::string> inputs = plain_names(facts.inputs);
    const std::vector<std::string> outputs = plain_names(facts.outputs);
    std::vector<StateLoop> states;
    for (const StateOnCard& state : card.states) {
        const StateLoop loop{place_of(state.input, inputs, "input", where),
                             place_of(state.output, outputs, "output", where)};
        if (loop.input == use.input) throw Error("{}: {} is the picture", where, state.input);
        const Shape& takes = facts.inputs[loop.input].shape;
        const Shape& gives = facts.outputs[loop.output].shape;
        if (takes != gives) {
            throw Error("{}: {} takes {}, but {} gives {}", where, state.input, to_string(takes),
                        state.output, to_string(gives));
        }
        states.push_back(loop);
    }
    return states;
}

/// The only output of the state's shape that has no other use; if there is none, the mask: some
/// networks are given their last one.
std::optional<std::size_t> only_output_for(std::size_t input, const NetworkUse& use,
                                           const NetworkFacts& facts) {
    const Shape& shape = facts.inputs[input].shape;
    for (std::size_t i = 0; i < facts.inputs.size(); ++i) {
        const bool rival = i != input && i != use.input && !is_fed(use.states, i);
        if (rival && facts.inputs[i].shape == shape) return std::nullopt;
    }
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < facts.outputs.size(); ++i) {
        const bool left = i != use.output && !feeds(use.states, i);
        if (left && facts.outputs[i].shape == shape) fitting.push_back(i);
    }
    if (fitting.empty() && facts.outputs[use.output].shape == shape) return use.output;
    if (fitting.size() != 1) return std::nullopt;
    return fitting[0];
}

std::string braces(const std::vector<StateLoop>& states, const NetworkFacts& facts) {
    std::vector<std::string> pairs;
    pairs.reserve(states.size());
    for (const StateLoop& loop : states) {
        pairs.push_back(in_yaml(facts.inputs[loop.input].name) + ": " +
                        in_yaml(facts.outputs[loop.output].name));
    }
    return fmt::format("states: {{{}}}", fmt::join(pairs, ", "));
}

/// Also for what could be guessed, so that the line can be copied.
[[noreturn]] void ask_for_states(const NetworkUse& use, const NetworkFacts& facts,
                                 const std::string& card_file) {
    std::vector<NetworkInput> open;
    std::vector<std::string> pairs;
    for (std::size_t i = 0; i < facts.inputs.size(); ++i) {
        if (i == use.input) continue;
        open.push_back(facts.inputs[i]);
        pairs.push_back(in_yaml(facts.inputs[i].name) + ": OUTPUT");
    }
    throw Error(
        "besides the picture it has {} ({}); write \"states: {{{}}}\" into {}, each with the "
        "output that is fed back to it, of {}",
        open.size() == 1 ? "another input" : "other inputs", names_of(open), fmt::join(pairs, ", "),
        card_file, names_of(facts.outputs));
}

}  // namespace

std::size_t picture_among(const std::vector<NetworkInput>& inputs, const NetworkCard& card,
                          const std::string& card_file) {
    if (inputs.empty()) throw Error("the network has no input");
    if (!card.input.empty())
        return place_of(card.input, plain_names(inputs), "input", card_file + ": input");
    std::vector<std::size_t> left;      // by what the card says of states
    std::vector<std::size_t> pictures;  // of those
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (inputs.size() > 1 && on_card(card, inputs[i].name) != nullptr) continue;
        left.push_back(i);
        if (can_be_picture(inputs[i])) pictures.push_back(i);
    }
    if (left.size() == 1) return left[0];
    if (pictures.size() == 1) return pictures[0];
    throw Error(
        "it has {} inputs ({}); write \"input: NAME\" of the one that is the picture into {}",
        inputs.size(), names_of(inputs), card_file);
}

Shape shape_of_state(const NetworkInput& input, const NetworkCard& card, int picture_height,
                     int picture_width, const std::string& card_file) {
    Shape shape = input.shape;
    if (shape[3] == 0) throw Error("it leaves the number of channels of {} open", input.name);
    if (shape[1] != 0 && shape[2] != 0) return shape;
    const StateOnCard* const state = on_card(card, input.name);
    if (state == nullptr || !state->stride) {
        throw Error(
            "it leaves the size of {} open; write \"states: {{{}: {{output: NAME, stride: N}}}}\" "
            "into {}: the picture's width and height are N times the state's",
            input.name, in_yaml(input.name), card_file);
    }
    const int stride = *state->stride;
    if (shape[1] == 0) shape[1] = (picture_height + stride - 1) / stride;
    if (shape[2] == 0) shape[2] = (picture_width + stride - 1) / stride;
    return shape;
}

void check_state_names(const NetworkSurvey& survey, const NetworkCard& card,
                       const std::string& card_file) {
    const std::string where = card_file + ": states";
    for (const StateOnCard& state : card.states) {
        place_of(state.input, plain_names(survey.inputs), "input", where);
        place_of(state.output, survey.outputs, "output", where);
    }
}

void find_states(NetworkUse& use, const NetworkCard& card, const NetworkFacts& facts,
                 const std::string& card_file) {
    use.states = said(use, card, facts, card_file + ": states");
    std::vector<StateLoop> guessed;
    for (std::size_t i = 0; i < facts.inputs.size(); ++i) {
        if (i == use.input || is_fed(use.states, i)) continue;
        const auto output = only_output_for(i, use, facts);
        if (!output) ask_for_states(use, facts, card_file);
        guessed.push_back({i, *output});
    }
    if (guessed.empty()) return;
    use.guessed.push_back(braces(guessed, facts));
    use.states.insert(use.states.end(), guessed.begin(), guessed.end());
}

std::string states_on_card(const NetworkUse& use, const NetworkCard& card,
                           const NetworkFacts& facts) {
    if (use.states.empty()) return {};
    std::string text = "states:              # what is fed back: \"INPUT\": \"OUTPUT\"\n";
    for (const StateLoop& loop : use.states) {
        const std::string& input = facts.inputs[loop.input].name;
        const std::string& output = facts.outputs[loop.output].name;
        const StateOnCard* const state = on_card(card, input);
        if (state != nullptr && state->stride) {
            text += fmt::format("  \"{}\": {{output: \"{}\", stride: {}}}\n", input, output,
                                *state->stride);
        } else {
            text += fmt::format("  \"{}\": \"{}\"\n", input, output);
        }
    }
    return text;
}

}  // namespace scrim
