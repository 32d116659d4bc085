#include "compose/compositor.h"

#include <cassert>
#include <cstddef>
#include <string>

#include "compose/blend.h"
#include "compose/layer.h"

namespace scrim {
namespace {

Frame black_frame(const StreamContext& stream) {
    return solid_frame(stream.width, stream.height, stream.tags, yuv_of_rgb(0, 0, 0, stream.tags));
}

/// The mask as a grey picture: black where nobody is.
Frame picture_of_mask(const Plane& mask, ColorTags tags) {
    Frame picture(mask.width(), mask.height(), tags);
    picture.u = Plane::filled(picture.u.width(), picture.u.height(), 128);
    picture.v = picture.u;
    if (tags.range == Range::full) {
        picture.y = mask;
        return picture;
    }
    for (int y = 0; y < mask.height(); ++y) {
        const std::uint8_t* const in = mask.row(y);
        std::uint8_t* const out = picture.y.writable_row(y);
        for (int x = 0; x < mask.width(); ++x) {
            out[x] = static_cast<std::uint8_t>(16 + (in[x] * 219 + 127) / 255);
        }
    }
    return picture;
}

bool show_mask(const Config& config, Diagnostics& diagnostics) {
    const auto wanted = [&](const std::optional<int>& key, const char* name, const char* what) {
        if (key.value_or(-1) != -1) {
            diagnostics.error(
                {}, name,
                fmt::format("{} need a later version of Scrim; only -1, the mask, can "
                            "be shown",
                            what));
        }
        return key.has_value();
    };
    const bool mask = wanted(config.debug_show_mask, "debug_show_mask", "body parts");
    const bool heatmap = wanted(config.debug_show_heatmap, "debug_show_heatmap", "keypoints");
    return mask || heatmap;
}

std::size_t errors_in(const Diagnostics& diagnostics) {
    return diagnostics.count(Diagnostic::Severity::error);
}

}  // namespace

struct Compositor::Plan {
    std::vector<Layer> layers;   // bottom first
    bool mask_only = false;      // debug_show_mask
    bool filters_known = false;  // no error when the filters were made

    // by prepare()
    bool ready = false;  // else black is shown: less than all layers may show the raw room
    StreamContext stream;
    Plane nobody;           // the empty mask
    Frame base;             // the static layers at the bottom, or black
    std::size_t first = 0;  // the layers from here on are computed for each frame

    std::uint64_t index = 0;
    Time start{};

    void prepare_base();
};

/// Everything under the topmost layer that hides all is left out; static layers above that are put
/// together here and now.
void Compositor::Plan::prepare_base() {
    base = black_frame(stream);
    nobody = Plane::filled(stream.width, stream.height, 0);
    first = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (layers[i].hides_all()) first = i;
    }
    for (; first < layers.size() && layers[first].is_static(); ++first) {
        base = blended(base, layers[first].render({base, base, nobody, {}}));
    }
}

Compositor::Compositor(const Config& config, Diagnostics& diagnostics)
    : plan_(std::make_unique<Plan>()) {
    const std::size_t errors = errors_in(diagnostics);
    plan_->mask_only = show_mask(config, diagnostics);
    for (const LayerSpec& spec : config.layers) {
        Layer layer(spec, config.folder, diagnostics);
        if (!layer.is_nothing()) plan_->layers.push_back(std::move(layer));
    }
    plan_->filters_known = errors_in(diagnostics) == errors;
}

Compositor::~Compositor() = default;
Compositor::Compositor(Compositor&&) noexcept = default;
Compositor& Compositor::operator=(Compositor&&) noexcept = default;

void Compositor::prepare(const StreamContext& stream, Diagnostics& diagnostics) {
    assert(stream.width > 0 && stream.height > 0);
    const std::size_t errors = errors_in(diagnostics);
    plan_->stream = stream;
    for (Layer& layer : plan_->layers)
        layer.prepare(stream, diagnostics);
    plan_->ready = plan_->filters_known && errors_in(diagnostics) == errors;
    if (plan_->ready) plan_->prepare_base();
}

std::vector<std::filesystem::path> Compositor::files() const {
    std::vector<std::filesystem::path> files;
    for (const Layer& layer : plan_->layers)
        layer.add_files(files);
    return files;
}

bool Compositor::needs_mask() const {
    if (plan_->mask_only) return true;
    for (std::size_t i = plan_->first; i < plan_->layers.size(); ++i) {
        if (plan_->layers[i].needs_mask()) return true;
    }
    return false;
}

Frame Compositor::compose(const Frame& input, const Plane* mask) {
    Plan& plan = *plan_;
    assert(input.width() == plan.stream.width && input.height() == plan.stream.height);
    assert(input.tags == plan.stream.tags);
    if (plan.index == 0) plan.start = input.captured;
    const Plane& person = mask != nullptr ? *mask : plan.nobody;
    const FrameContext context{plan.index++, input.captured - plan.start, &person};

    Frame stack = plan.base;
    if (!plan.ready) {
        stack = black_frame(plan.stream);
    } else if (plan.mask_only) {
        stack = picture_of_mask(person, input.tags);
    } else {
        for (std::size_t i = plan.first; i < plan.layers.size(); ++i) {
            stack = blended(stack, plan.layers[i].render({input, stack, person, context}));
        }
    }
    stack.sequence = input.sequence;
    stack.captured = input.captured;
    return stack;
}

}  // namespace scrim
