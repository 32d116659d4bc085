#include "compose/layer.h"

#include <algorithm>
#include <cassert>
#include <exception>

#include "filter/registry.h"
#include "frame/mat.h"

namespace scrim {
namespace {

/// What a filter must leave as it was, and what it declared.
[[maybe_unused]] bool keeps_its_word(const FilterTraits& traits, const Frame& before,
                                     const Frame& after) {
    const auto same_size = [](const Plane& a, const Plane& b) {
        return a.width() == b.width() && a.height() == b.height();
    };
    return same_size(before.y, after.y) && same_size(before.u, after.u) &&
           same_size(before.v, after.v) && after.tags == before.tags &&
           (after.opaque() || same_size(after.y, after.alpha)) &&
           !(traits.replaces_input && after.y.shares_pixels_with(before.y));
}

}  // namespace

Layer::Layer(const LayerSpec& spec, const std::filesystem::path& folder, Diagnostics& diagnostics)
    : source_(spec.source), parts_(spec.parts) {
    for (const FilterCall& call : spec.filters) {
        std::unique_ptr<Filter> filter = make_filter(call, folder, diagnostics);
        if (filter != nullptr) steps_.push_back({std::move(filter), {}, call.where, call.key});
    }
}

void Layer::prepare(const StreamContext& stream, Diagnostics& diagnostics) {
    if (!prepare_steps(stream, diagnostics)) return;
    plan();
    if (!own_picture_) return;
    start_ =
        solid_frame(stream.width, stream.height, stream.tags, yuv_of_rgb(0, 0, 0, stream.tags), 0);
    run(start_, begin_, fixed_, {});
}

/// False where a filter cannot do its work.
bool Layer::prepare_steps(const StreamContext& stream, Diagnostics& diagnostics) {
    bool ready = true;
    for (Step& step : steps_) {
        try {
            step.filter->prepare(stream);
            step.traits = step.filter->traits();
        } catch (const std::exception& error) {  // Error, or OpenCV's of a picture beyond memory
            diagnostics.error(step.where, step.key, error.what());
            ready = false;
        }
        const std::string missing = step.filter->missing();
        if (!missing.empty()) diagnostics.missing(step.where, step.key, missing);
    }
    return ready;
}

/// Which steps matter, and which of them always give the same.
void Layer::plan() {
    own_picture_ = source_ == LayerSource::empty;
    begin_ = 0;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        if (!steps_[i].traits.replaces_input) continue;
        begin_ = i;
        own_picture_ = true;
    }
    fixed_ = begin_;
    while (fixed_ < steps_.size() && !steps_[fixed_].traits.changes &&
           !steps_[fixed_].traits.needs_mask && !steps_[fixed_].traits.needs_faces) {
        ++fixed_;
    }
}

void Layer::add_files(std::vector<std::filesystem::path>& files) const {
    for (const Step& step : steps_) {
        const auto more = step.filter->files();
        files.insert(files.end(), more.begin(), more.end());
    }
}

Frame Layer::render(const Inputs& inputs) {
    Frame image = source_picture(inputs);
    run(image, own_picture_ ? fixed_ : begin_, steps_.size(), inputs.context);
    return image;
}

Frame Layer::source_picture(const Inputs& inputs) const {
    if (own_picture_) return start_;
    if (source_ == LayerSource::previous) return inputs.previous;
    Frame image = inputs.input;
    image.alpha = source_alpha(inputs);
    return image;
}

/// Empty = opaque.
Plane Layer::source_alpha(const Inputs& inputs) const {
    if (source_ == LayerSource::foreground) return inputs.mask;
    if (source_ == LayerSource::parts) return inputs.parts;
    if (source_ != LayerSource::not_parts) return {};
    Plane rest = inputs.mask;
    cv::Mat target = mat_of(rest);
    cv::subtract(target, mat_of(inputs.parts), target);
    return rest;
}

void Layer::run(Frame& image, std::size_t from, std::size_t to, const FrameContext& context) {
    for (std::size_t i = from; i < to; ++i) {
        const Step& step = steps_[i];
        FrameContext allowed = context;
        if (!step.traits.needs_mask) allowed.mask = nullptr;
        if (!step.traits.needs_faces) allowed.faces = nullptr;
#ifndef NDEBUG
        const Frame before = image;
#endif
        step.filter->apply(image, allowed);
        assert(keeps_its_word(step.traits, before, image));
    }
}

PersonNeeds Layer::needs() const {
    PersonNeeds needs;
    if (!own_picture_ && source_ == LayerSource::foreground) needs.mask = true;
    if (!own_picture_ && parts_.any()) needs = {.mask = true, .parts = {parts_}};
    for (std::size_t i = begin_; i < steps_.size(); ++i) {
        needs.mask |= steps_[i].traits.needs_mask;
        needs.faces |= steps_[i].traits.needs_faces;
    }
    return needs;
}

bool Layer::is_static() const {
    return fixed_ == steps_.size() && (own_picture_ || source_ == LayerSource::previous);
}

bool Layer::hides_all() const {
    if (own_picture_) return is_static() && start_.opaque();
    return source_ == LayerSource::input && steps_.empty();
}

bool Layer::is_nothing() const {
    return steps_.empty() && (source_ == LayerSource::previous || source_ == LayerSource::empty);
}

}  // namespace scrim
