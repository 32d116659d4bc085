#include "filter/registry.h"

#include <array>
#include <string>
#include <vector>

#include "filter/affine.h"
#include "filter/anonymize.h"
#include "filter/blur.h"
#include "filter/border.h"
#include "filter/brightness_contrast.h"
#include "filter/change_alpha.h"
#include "filter/chroma_key.h"
#include "filter/color_filter.h"
#include "filter/colorize.h"
#include "filter/crop.h"
#include "filter/drop_shadow.h"
#include "filter/flip.h"
#include "filter/gamma.h"
#include "filter/gaussian_blur.h"
#include "filter/grayscale.h"
#include "filter/hologram.h"
#include "filter/image.h"
#include "filter/image_sequence.h"
#include "filter/move.h"
#include "filter/noise.h"
#include "filter/overlay.h"
#include "filter/pixelate.h"
#include "filter/roll.h"
#include "filter/saturation.h"
#include "filter/sharpen.h"
#include "filter/solid_color.h"
#include "filter/stripes.h"
#include "filter/text.h"
#include "filter/video.h"
#include "filter/vignette.h"
#include "filter/webcam.h"
#include "filter/zoom.h"
#include "util/words.h"

namespace scrim {
namespace {

/// Quotes as a word processor or a web page makes them: to YAML they are letters.
bool has_curly_quotes(std::string_view name) {
    return name.find("\u201C") != name.npos || name.find("\u201D") != name.npos ||
           name.find("\u2018") != name.npos || name.find("\u2019") != name.npos;
}

std::string unknown_filter(const std::string& name) {
    const std::string reason = fmt::format("unknown filter \"{}\"; ", name);
    if (has_curly_quotes(name)) return reason + "its quotes must be straight ones: \"";
    std::vector<std::string> names;
    for (const FilterKind& known : filter_kinds())
        names.emplace_back(known.name);
    const auto meant = closest_word(name, names);
    return reason + (meant ? "did you mean \"" + *meant + "\"?" : "`scrim filters` lists them");
}

}  // namespace

std::span<const FilterKind> filter_kinds() {
    static constexpr std::array kinds{
        FilterKind{
            "affine", "turns, shears, scales and shifts the picture by a matrix",
            R"(foreground: [["affine", {matrix: [[0.9, -0.3], [0.3, 0.9]], offset: [0.1, -0.1], relative: true}]])",
            make_affine},
        FilterKind{"anonymize",
                   "hides faces: keeps only them, blurred or black; for a layer on top",
                   R"(input: [["anonymize", {blur: 40, secure: true}]])", make_anonymize},
        FilterKind{"blur", "box blur of the colour",
                   R"(input: [["blur", 21, {exclude_person: true}]])", make_blur},
        FilterKind{"border", "an outline around the person, in a colour",
                   R"(foreground: [["border", 6, 255, 200, 0]])", make_border},
        FilterKind{"brightness_contrast", "more light, more difference between dark and bright",
                   R"(input: [["brightness_contrast", {brightness: 0.1, contrast: 1.2}]])",
                   make_brightness_contrast},
        FilterKind{"change_alpha", "makes the layer more or less transparent",
                   R"(foreground: [["change_alpha", -110]])", make_change_alpha},
        FilterKind{"chroma_key", "makes a colour transparent, as before a green screen",
                   R"(input: [["chroma_key", {r: 0, g: 255, b: 0, fuzz: 80}]])", make_chroma_key},
        FilterKind{"color_filter", "multiplies red, green and blue, like coloured glass",
                   R"(input: [["color_filter", 255, 220, 180]])", make_color_filter},
        FilterKind{"colorize", "shades of one colour", R"(input: [["colorize", 255, 180, 60]])",
                   make_colorize},
        FilterKind{"crop", "cuts the sides off, with a soft edge if wanted",
                   R"(input: [["crop", {left: 25%, right: 25%, feather: 40}]])", make_crop},
        FilterKind{"drop_shadow", "a soft shadow under the person",
                   R"(foreground: [["drop_shadow", {x: 12, y: 12, blur: 24}]])", make_drop_shadow},
        FilterKind{"flip", "mirrors the picture", R"(foreground: [["flip", {horizontal: true}]])",
                   make_flip},
        FilterKind{"gamma", "brightens or darkens the middle, not black and white",
                   R"(input: [["gamma", 1.4]])", make_gamma},
        FilterKind{"gaussian_blur", "Gaussian blur of the colour",
                   R"(input: [["gaussian_blur", 31]])", make_gaussian_blur},
        FilterKind{"grayscale", "takes the colour away", R"(input: ["grayscale"])", make_grayscale},
        FilterKind{"hologram", "a blue-green projection with ghosts", R"(foreground: ["hologram"])",
                   make_hologram},
        FilterKind{"image", "a picture or an animation from a file",
                   R"(empty: [["image", "background.png"]])", make_image},
        FilterKind{"image_sequence", "the pictures of a folder, one after another",
                   R"(empty: [["image_sequence", "frames", 25]])", make_image_sequence},
        FilterKind{"move", "shifts the picture, wrapped around or cut off",
                   R"(foreground: [["move", 0.25, 0, {relative: true, periodic: false}]])",
                   make_move},
        FilterKind{"noise", "white noise, anew in every frame", R"(input: ["noise"])", make_noise},
        FilterKind{"overlay", "a picture at a place of its own, such as a logo",
                   R"(previous: [["overlay", "logo.png", {anchor: top_right, x: 16, y: 16}]])",
                   make_overlay},
        FilterKind{"pixelate", "coarse square blocks", R"(input: [["pixelate", 24]])",
                   make_pixelate},
        FilterKind{"roll", "lets the picture wander, coming in again on the other side",
                   R"(input: [["roll", 6, 2]])", make_roll},
        FilterKind{"saturation", "stronger or weaker colours", R"(input: [["saturation", 1.4]])",
                   make_saturation},
        FilterKind{"sharpen", "sharpens edges", R"(input: [["sharpen", 0.8]])", make_sharpen},
        FilterKind{"solid_color", "one opaque colour", R"(empty: [["solid_color", 0, 120, 40]])",
                   make_solid_color},
        FilterKind{"stripes", "darker and brighter stripes that move down",
                   R"(input: [["stripes", {width: 8, intensity: 20, speed: 1}]])", make_stripes},
        FilterKind{"text", "writes a text or the time onto the picture",
                   R"(empty: [["text", "%H:%M", {anchor: top_right}]])", make_text},
        FilterKind{"video", "a video or an animation in a loop",
                   R"(empty: [["video", "video.mkv", {fit: cover}]])", make_video},
        FilterKind{"vignette", "darkens the picture towards its corners",
                   R"(input: [["vignette", 0.6]])", make_vignette},
        FilterKind{"webcam", "the picture of a second camera",
                   R"(empty: [["webcam", "/dev/video2", {fit: cover}]])", make_webcam},
        FilterKind{"zoom", "makes the picture larger or smaller, from the top left corner",
                   R"(foreground: [["zoom", 0.5]])", make_zoom},
    };
    return kinds;
}

const FilterKind* find_filter(std::string_view name) {
    for (const FilterKind& kind : filter_kinds()) {
        if (kind.name == name) return &kind;
    }
    return nullptr;
}

std::unique_ptr<Filter> make_filter(const FilterCall& call, const std::filesystem::path& folder,
                                    Diagnostics& diagnostics) {
    const FilterKind* const kind = find_filter(call.name);
    if (kind == nullptr) {
        diagnostics.error(call.where, call.key, unknown_filter(call.name));
        return nullptr;
    }
    const std::size_t errors = diagnostics.count(Diagnostic::Severity::error);
    std::unique_ptr<Filter> filter = kind->make();
    Schema schema;
    filter->bind(schema);
    schema.read_arguments(call.arguments, call.where, call.key, diagnostics, folder);
    // Half of its arguments would only lead to a second complaint, about a picture without a name.
    if (diagnostics.count(Diagnostic::Severity::error) > errors) return nullptr;
    return filter;
}

}  // namespace scrim
