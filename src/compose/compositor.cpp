#include "compose/compositor.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <string>
#include <utility>

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

/// What is shown instead of the layers, if anything.
struct Debug {
    bool shown = false;
    PersonNeeds needs;

    explicit Debug(const Config& config) {
        const int part = config.debug_show_mask.value_or(-1);
        const int keypoint = config.debug_show_heatmap.value_or(-1);
        shown = config.debug_show_mask || config.debug_show_heatmap;
        if (!shown) return;
        needs.mask = keypoint < 0;
        if (keypoint >= 0) {
            needs.keypoints.set(static_cast<std::size_t>(keypoint));
        } else if (part >= 0) {
            needs.parts.emplace_back().set(static_cast<std::size_t>(part));
        }
    }

    const Plane& of(const Person& person) const {
        if (needs.parts.size() == person.parts.size() && !person.parts.empty()) {
            return person.parts.front();
        }
        for (std::size_t i = 0; i < keypoints.size(); ++i) {
            if (needs.keypoints[i]) return person.heatmaps.at(i);
        }
        return person.mask;
    }
};

std::size_t errors_in(const Diagnostics& diagnostics) {
    return diagnostics.count(Diagnostic::Severity::error);
}

}  // namespace

struct Compositor::Plan {
    std::vector<Layer> layers;  // bottom first
    Debug debug;
    bool filters_known = false;  // no error when the filters were made

    // by prepare()
    bool ready = false;  // else black is shown: less than all layers may show the raw room
    StreamContext stream;
    Plane nobody;  // the empty mask
    PersonNeeds needs;
    Frame base;                   // the static layers at the bottom, or black
    std::size_t first = 0;        // the layers from here on are computed for each frame ...
    std::size_t with_person = 0;  // ... and from here on they need to know of the person

    std::uint64_t index = 0;
    Time start{};

    explicit Plan(const Config& config) : debug(config) {}
    void prepare_base();
    void find_needs();
    void add_layer(Begun& begun, const Person& person);
    const Plane& parts_in(const Person& person, const PartSet& parts) const;
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
        base = blended(base, layers[first].render({base, base, nobody, nobody, {}}));
    }
}

/// Static layers at the bottom ask for nothing any more.
void Compositor::Plan::find_needs() {
    needs = debug.needs;
    with_person = first;
    if (debug.shown) return;
    for (std::size_t i = first; i < layers.size(); ++i)
        needs.add(layers[i].needs());
    while (with_person < layers.size() && !layers[with_person].needs().any())
        ++with_person;
}

/// The next one on top of those before.
void Compositor::Plan::add_layer(Begun& begun, const Person& person) {
    Layer& layer = layers[begun.next++];
    const Plane& mask = person.mask.empty() ? nobody : person.mask;
    FrameContext context = begun.context;
    context.mask = &mask;
    context.faces = person.faces ? &*person.faces : nullptr;
    const Frame rendered =
        layer.render({begun.input, begun.stack, mask, parts_in(person, layer.parts()), context});
    begun.stack = blended(std::move(begun.stack), rendered);
}

const Plane& Compositor::Plan::parts_in(const Person& person, const PartSet& parts) const {
    const auto place = std::find(needs.parts.begin(), needs.parts.end(), parts);
    const auto number = static_cast<std::size_t>(place - needs.parts.begin());
    const bool known = number < person.parts.size() && !person.parts[number].empty();
    return known ? person.parts[number] : nobody;
}

Compositor::Compositor(const Config& config, Diagnostics& diagnostics)
    : plan_(std::make_unique<Plan>(config)) {
    const std::size_t errors = errors_in(diagnostics);
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
    plan_->find_needs();
}

std::vector<std::filesystem::path> Compositor::files() const {
    std::vector<std::filesystem::path> files;
    for (const Layer& layer : plan_->layers)
        layer.add_files(files);
    return files;
}

const PersonNeeds& Compositor::needs() const {
    return plan_->needs;
}

bool Compositor::has_beginning() const {
    return plan_->ready && plan_->with_person > plan_->first;
}

Compositor::Begun Compositor::begin(const Frame& input) {
    Plan& plan = *plan_;
    assert(input.width() == plan.stream.width && input.height() == plan.stream.height);
    assert(input.tags == plan.stream.tags);
    if (plan.index == 0) plan.start = input.captured;
    Begun begun{.input = input, .stack = plan.base, .next = plan.first, .context = {}};
    begun.context.index = plan.index++;
    begun.context.time = input.captured - plan.start;
    if (!plan.ready) return begun;
    while (begun.next < plan.with_person)
        plan.add_layer(begun, {});
    return begun;
}

Frame Compositor::finish(Begun begun, const Person& person) {
    Plan& plan = *plan_;
    if (!plan.ready) {
        begun.stack = black_frame(plan.stream);
    } else if (plan.debug.shown) {
        const Plane& shown = plan.debug.of(person);
        begun.stack = picture_of_mask(shown.empty() ? plan.nobody : shown, begun.input.tags);
    } else {
        while (begun.next < plan.layers.size())
            plan.add_layer(begun, person);
    }
    begun.stack.sequence = begun.input.sequence;
    begun.stack.captured = begun.input.captured;
    return std::move(begun.stack);
}

Frame Compositor::compose(const Frame& input, const Person& person) {
    return finish(begin(input), person);
}

}  // namespace scrim
