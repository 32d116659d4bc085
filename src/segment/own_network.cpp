#include "segment/own_network.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/states.h"
#include "segment/network/tfjs_importer.h"
#include "segment/network/tfjs_survey.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"
#include "segment/network_states.h"
#include "segment/picture_input.h"
#include "util/error.h"
#include "util/log.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

bool is_json(const fs::path& file) {
    return file.extension() == ".json";
}

/// The name and text of a card; nothing if there is none.
std::optional<std::string> card_text(const fs::path& card) {
    std::error_code failed;
    if (!fs::exists(card, failed)) return std::nullopt;
    return read_config_file(card);
}

/// Height and width of the picture that a TensorFlow.js model takes.
std::pair<int, int> picture_size(const Shape& input, const NetworkCard& card,
                                 const std::string& card_file) {
    const int height = input[1] > 0 ? input[1] : card.height.value_or(0);
    const int width = input[2] > 0 ? input[2] : card.width.value_or(0);
    if (height > 0 && width > 0) return {height, width};
    throw Error("it takes pictures of any size; write \"width: N\" and \"height: N\" into {}",
                card_file);
}

/// The one that the card names and those that may be fed back, or else all.
std::vector<std::string> outputs_to_import(const NetworkSurvey& survey, const NetworkCard& card) {
    if (card.output.empty()) return survey.outputs;
    std::vector<std::string> outputs{card.output};
    if (survey.inputs.size() == 1) return outputs;
    const auto add = [&](const std::string& name) {
        if (std::find(outputs.begin(), outputs.end(), name) == outputs.end())
            outputs.push_back(name);
    };
    for (const StateOnCard& state : card.states)
        add(state.output);
    if (!card.states.empty()) return outputs;
    for (const std::string& name : survey.outputs)
        add(name);
    return outputs;
}

Graph import_json(const fs::path& file, std::span<const std::byte> bytes,
                  const NetworkSurvey& survey, const NetworkCard& card,
                  const std::vector<std::string>& outputs) {
    const std::string card_file = card_of(file).string();
    const std::size_t picture = picture_among(survey.inputs, card, card_file);
    const auto [height, width] = picture_size(survey.inputs[picture].shape, card, card_file);
    TfjsRequest request{height, width, outputs};
    for (std::size_t i = 0; i < survey.inputs.size(); ++i) {
        const NetworkInput& input = survey.inputs[i];
        if (i == picture) continue;
        request.states[input.name] = shape_of_state(input, card, height, width, card_file);
    }
    const auto read = [&](const std::string& name) {
        return read_model_file_at(file.parent_path() / name);
    };
    return import_tfjs(bytes, read, request);
}

ScoreActivation last_activation(const Graph& graph, int tensor) {
    for (const Node& node : graph.nodes) {
        if (node.output != tensor) continue;
        if (node.operation == Operator::sigmoid) return ScoreActivation::sigmoid;
        if (node.operation == Operator::softmax) return ScoreActivation::softmax;
    }
    return ScoreActivation::none;
}

/// Outputs are called as they were asked for: a node that only passes on has no tensor of its own.
NetworkFacts facts_of(const Graph& graph, const std::vector<std::string>& outputs) {
    NetworkFacts facts;
    for (const int input : graph.inputs) {
        const Tensor& tensor = graph.tensors[static_cast<std::size_t>(input)];
        facts.inputs.push_back({tensor.name, tensor.shape});
    }
    for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
        const Tensor& tensor = graph.tensors[static_cast<std::size_t>(graph.outputs[i])];
        facts.outputs.push_back(
            {outputs.at(i), tensor.shape, last_activation(graph, graph.outputs[i])});
    }
    return facts;
}

/// Leaves the picture as the first input and the mask as the first output, and the states.
void keep_what_is_used(Graph& graph, NetworkUse& use) {
    std::vector<std::size_t> inputs{use.input};
    std::vector<std::size_t> outputs{use.output};
    for (StateLoop& loop : use.states) {
        inputs.push_back(loop.input);
        loop.input = inputs.size() - 1;
        const auto known = std::find(outputs.begin(), outputs.end(), loop.output);
        const auto place = static_cast<std::size_t>(known - outputs.begin());
        if (known == outputs.end()) outputs.push_back(loop.output);
        loop.output = place;
    }
    use.input = use.output = 0;
    keep(graph, inputs, outputs);
}

/// Loaded, and what it is used as.
struct Loaded {
    Network network;
    NetworkUse use;
};

Loaded load(const fs::path& file) {
    const NetworkCard card = read_card_of(file);
    try {
        OwnNetwork own = import_network_file(file, card);
        NetworkUse use = use_of(card, own.facts, card_of(file).string());
        keep_what_is_used(own.graph, use);
        simplify(own.graph);
        return {Network(std::move(own.graph)), std::move(use)};
    } catch (const Error& e) {
        throw Error("cannot use the network {}: {}", file.string(), e.what());
    }
}

/// The probability of the person from the outputs of one pixel. What is not a number is nobody.
float probability(const float* channels, int count, int person, ScoreActivation activation) {
    const float score = channels[person];
    if (activation == ScoreActivation::sigmoid) return 1 / (1 + std::exp(-score));
    if (activation != ScoreActivation::softmax) return score;
    float others = 0;
    for (int c = 0; c < count; ++c)
        others += c == person ? 0.0F : std::exp(channels[c] - score);
    return 1 / (1 + others);
}

std::uint8_t byte_of(float probability) {
    constexpr float most = 255;
    return probability > 0
               ? static_cast<std::uint8_t>(std::lround(most * std::min(probability, 1.0F)))
               : std::uint8_t{0};
}

class OwnSegmenter final : public Segmenter {
  public:
    OwnSegmenter(const fs::path& file, Loaded loaded)
        : network_(std::move(loaded.network)),
          use_(std::move(loaded.use)),
          states_(use_.states),
          picture_(network_.input_shape()[2], network_.input_shape()[1], use_.range),
          name_(fmt::format("{} ({}x{})", file.filename().string(), network_.input_shape()[1],
                            network_.input_shape()[2])) {}

    const std::string& name() const override { return name_; }
    bool hard() const override { return use_.hard; }

    std::optional<PictureSize> input_size() const override { return picture_.size(); }

    Score segment(const Frame& frame) override {
        const bool goes_on = last_ && last_->precedes(frame);
        last_.reset();  // so that a run that fails is not gone on from
        if (!goes_on) states_.forget(network_);
        picture_.fill(frame, network_.input());
        network_.run();
        if (!states_.feed_back(network_)) throw Error("a state of {} is not a number", name_);
        last_ = {frame.captured, frame.width(), frame.height()};
        const Shape& shape = network_.output_shape();
        Score score{Plane(shape[2], shape[1]), frame.sequence};
        std::uint8_t* const plane = score.plane.overwritable();
        const float* pixel = network_.output().data();
        for (int y = 0; y < shape[1]; ++y) {
            std::uint8_t* const row = plane + std::ptrdiff_t{y} * score.plane.stride();
            for (int x = 0; x < shape[2]; ++x, pixel += shape[3])
                row[x] = byte_of(probability(pixel, shape[3], use_.channel, use_.activation));
        }
        return score;
    }

    void run_again() override { network_.run(); }

  private:
    /// The frame that the states are of.
    struct Last {
        Time captured;
        int width, height;

        /// What was seen longer ago, or otherwise, says nothing of this frame.
        bool precedes(const Frame& frame) const {
            constexpr auto longest = std::chrono::seconds(2);
            const Duration gap = frame.captured - captured;
            return gap > Duration{} && gap <= longest && frame.width() == width &&
                   frame.height() == height;
        }
    };

    Network network_;
    NetworkUse use_;
    RecurrentStates states_;
    std::optional<Last> last_;
    PictureInput picture_;
    std::string name_;
};

fs::path file_of(const Config& config) {
    return resolve_path(config.model, config.folder);
}

}  // namespace

bool names_network_file(std::string_view model) {
    return model.ends_with(".tflite") || model.ends_with(".json");
}

fs::path card_of(const fs::path& network) {
    return fs::path(network).replace_extension(".yaml");
}

NetworkCard read_card_of(const fs::path& network) {
    const fs::path card = card_of(network);
    const auto text = card_text(card);
    if (!text) return {};
    Diagnostics diagnostics(card.string(), *text);
    NetworkCard result = parse_network_card(*text, diagnostics);
    if (diagnostics.has_errors()) throw ConfigError(diagnostics.render());
    return result;
}

OwnNetwork import_network_file(const fs::path& network, const NetworkCard& card) {
    const std::vector<std::byte> bytes = read_model_file_at(network);
    const NetworkSurvey survey = is_json(network) ? survey_tfjs(bytes) : survey_tflite(bytes);
    check_state_names(survey, card, card_of(network).string());
    const std::vector<std::string> outputs = outputs_to_import(survey, card);
    OwnNetwork own;
    if (is_json(network)) {
        own.graph = import_json(network, bytes, survey, card, outputs);
    } else {
        // All that is in the file need not have names.
        const bool all = card.output.empty();
        own.graph = import_tflite(bytes, all ? std::vector<std::string>{} : outputs);
    }
    own.facts = facts_of(own.graph, outputs);
    return own;
}

bool own_network_is_hard(const Config& config) {
    return read_card_of(file_of(config)).mask == MaskEdges::hard;
}

std::optional<std::string> own_network_problem(const Config& config) {
    const fs::path file = file_of(config);
    std::error_code failed;
    if (!fs::exists(file, failed)) {
        return fmt::format("there is no network file {}", file.string());
    }
    const fs::path card = card_of(file);
    try {
        const auto text = card_text(card);
        if (!text) return std::nullopt;
        Diagnostics diagnostics(card.string(), *text);
        parse_network_card(*text, diagnostics);
        for (const Diagnostic& item : diagnostics.all()) {
            if (item.severity == Diagnostic::Severity::error) return diagnostics.headline(item);
        }
    } catch (const Error& e) {
        return e.what();
    }
    return std::nullopt;
}

std::vector<fs::path> own_network_files(const Config& config) {
    if (!names_network_file(config.model)) return {};
    const fs::path file = file_of(config);
    return {file, card_of(file)};
}

std::unique_ptr<Segmenter> open_own_network(const Config& config) {
    const fs::path file = file_of(config);
    Loaded loaded = load(file);
    if (!loaded.use.guessed.empty()) {
        spdlog::info("{}: guessed, since {} does not say: {}", config.model,
                     card_of(file).filename().string(), fmt::join(loaded.use.guessed, ", "));
    }
    return std::make_unique<OwnSegmenter>(file, std::move(loaded));
}

}  // namespace scrim
