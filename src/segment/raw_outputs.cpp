#include "segment/raw_outputs.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "segment/bodypix.h"
#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/tfjs_importer.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"
#include "segment/picture_input.h"
#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

InputRange input_range(const NetworkEntry& network) {
    if (network.name.starts_with("mediapipe")) return {1 / 255.0, {}};
    if (network.name.starts_with("resnet50")) return bodypix_input_range(BodyPixKind::resnet50);
    return bodypix_input_range(BodyPixKind::mobilenet);  // the face detector's, too
}

Graph import(const NetworkEntry& network, const fs::path& model, const Picture& picture) {
    const std::vector<std::byte> content = read_model_file_at(model);
    if (model.extension() != ".json") return import_tflite(content);
    const auto read = [&](const std::string& name) {
        return read_model_file_at(model.parent_path() / name);
    };
    return import_tfjs(content, read, {picture.height, picture.width, network.outputs, false});
}

Network load(const NetworkEntry& network, const fs::path& model, const Picture& picture) {
    try {
        Graph graph = import(network, model, picture);
        simplify(graph);
        return Network(std::move(graph));
    } catch (const Error& e) {
        throw Error("cannot load the network {}: {}", model.string(), e.what());
    }
}

void fill(std::span<float> input, const Picture& picture, const InputRange& range) {
    constexpr std::size_t colours = 3;
    constexpr std::size_t bytes = 4;
    for (std::size_t i = 0; i < input.size(); ++i) {
        const std::size_t c = i % colours;
        const std::uint8_t colour = picture.rgba[i / colours * bytes + c];
        input[i] = static_cast<float>(colour * range.scale + range.offset[c]);
    }
}

}  // namespace

std::vector<RawOutput> raw_outputs(const NetworkEntry& entry, const fs::path& folder,
                                   const Picture& picture) {
    Network network = load(entry, folder / entry.model().name, picture);
    const Shape& input = network.input_shape();
    if (input != Shape{1, picture.height, picture.width, 3}) {
        throw Error("{} takes a picture of {}x{} pixels, and this one has {}x{}", entry.name,
                    input[2], input[1], picture.width, picture.height);
    }
    if (network.output_count() != entry.outputs.size()) {
        throw Error("{} has {} outputs instead of {}", entry.name, network.output_count(),
                    entry.outputs.size());
    }
    fill(network.input(), picture, input_range(entry));
    network.run();
    std::vector<RawOutput> outputs;
    for (std::size_t i = 0; i < network.output_count(); ++i) {
        const auto data = network.output(i);
        outputs.push_back({entry.outputs[i], network.output_shape(i), {data.begin(), data.end()}});
    }
    return outputs;
}

}  // namespace scrim
