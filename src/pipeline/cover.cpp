#include "pipeline/cover.h"

#include <algorithm>

#include <fmt/format.h>

#include "compose/compositor.h"

namespace scrim {
namespace {

Value scalar(std::string text) {
    Value value;
    value.kind = Value::Kind::scalar;
    value.scalar = std::move(text);
    return value;
}

Value number(int n) {
    return scalar(std::to_string(n));
}

Value argument(const std::string& name, Value given) {
    Value map;
    map.kind = Value::Kind::map;
    map.entries.push_back({name, {}, std::move(given)});
    return map;
}

FilterCall call(std::string name, std::vector<Value> arguments) {
    return {
        .name = std::move(name), .arguments = std::move(arguments), .where = {}, .key = "cover"};
}

LayerSpec picture_layer(const std::filesystem::path& file) {
    LayerSpec layer;
    layer.source = LayerSource::empty;
    layer.filters.push_back(call("image", {scalar(file.string())}));
    return layer;
}

/// Says the same whatever the reason is: who watches need not know more.
LayerSpec card(int height) {
    const int size = std::max(height / 12, 8);
    Value words = argument("text", scalar("Camera paused"));
    const auto add = [&words](const std::string& name, Value value) {
        words.entries.push_back({name, {}, std::move(value)});
    };
    add("x", number(0));
    add("y", number(0));
    add("size", number(size));
    add("outline", number(0));
    add("anchor", scalar("center"));
    for (const char* colour : {"r", "g", "b"})
        add(colour, number(222));
    LayerSpec layer;
    layer.source = LayerSource::empty;
    layer.filters.push_back(call("solid_color", {number(38), number(42), number(48)}));
    layer.filters.push_back(call("text", {std::move(words)}));
    return layer;
}

/// The layer as a picture; what is wrong goes into `diagnostics`.
Frame composed(LayerSpec layer, const Config& config, const StreamContext& stream,
               Diagnostics& diagnostics) {
    Config alone;
    alone.folder = config.folder;
    alone.layers.push_back(std::move(layer));
    Compositor compositor(alone, diagnostics);
    compositor.prepare(stream, diagnostics);
    if (!diagnostics.all().empty()) return {};
    return compositor.compose(
        solid_frame(stream.width, stream.height, stream.tags, yuv_of_rgb(0, 0, 0, stream.tags)),
        {});
}

}  // namespace

Cover::Cover(const Config& config, const StreamContext& stream) {
    if (!config.cover.empty()) {
        Diagnostics diagnostics("cover", "");
        picture_ = composed(picture_layer(config.cover), config, stream, diagnostics);
        if (!picture_.y.empty()) return;
        missing_ = fmt::format("cover: {}", diagnostics.all().front().reason);
    }
    Diagnostics none("cover", "");
    picture_ = composed(card(stream.height), config, stream, none);
    if (picture_.y.empty()) {
        picture_ = solid_frame(stream.width, stream.height, stream.tags,
                               yuv_of_rgb(38, 42, 48, stream.tags));
    }
}

Frame Cover::frame(std::uint64_t sequence) const {
    Frame frame = picture_;
    frame.sequence = sequence;
    frame.captured = Clock::now();
    return frame;
}

}  // namespace scrim
