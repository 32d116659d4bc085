#include "filter/text_picture.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <pango/pangocairo.h>

#include "frame/convert.h"
#include "util/error.h"

namespace scrim {
namespace {

/// Gives back what a C library counts or allocated.
template <auto release>
struct Releaser {
    template <typename T>
    void operator()(T* pointer) const {
        release(pointer);
    }
};
template <typename T, auto release>
using Held = std::unique_ptr<T, Releaser<release>>;

using Surface = Held<cairo_surface_t, cairo_surface_destroy>;
using Drawing = Held<cairo_t, cairo_destroy>;
using FontDescription = Held<PangoFontDescription, pango_font_description_free>;

/// What stands out from the text: black, or white around dark text.
RgbColor contrast(RgbColor color) {
    const double luma = 0.299 * color.r + 0.587 * color.g + 0.114 * color.b;
    return luma < 96 ? RgbColor{255, 255, 255} : RgbColor{0, 0, 0};
}

void set_color(cairo_t* drawing, RgbColor color, double opacity) {
    cairo_set_source_rgba(drawing, color.r / 255.0, color.g / 255.0, color.b / 255.0, opacity);
}

/// Cairo's 32 bits a pixel are A, R, G, B from the highest on, colours multiplied with alpha.
Frame frame_of(cairo_surface_t* surface, int width, int height, ColorTags tags) {
    const std::uint8_t* const pixels = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    std::vector<std::uint8_t> rgba;
    rgba.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    for (int y = 0; y < height; ++y) {
        const auto* row =
            reinterpret_cast<const std::uint32_t*>(pixels + std::ptrdiff_t{stride} * y);
        for (int x = 0; x < width; ++x) {
            const std::uint32_t pixel = row[x];
            const std::uint32_t alpha = pixel >> 24;
            for (const int shift : {16, 8, 0}) {
                const std::uint32_t value = pixel >> shift & 0xFF;
                const std::uint32_t plain = alpha == 0 ? 0 : (value * 255 + alpha / 2) / alpha;
                rgba.push_back(static_cast<std::uint8_t>(std::min(plain, 255U)));
            }
            rgba.push_back(static_cast<std::uint8_t>(alpha));
        }
    }
    return from_rgba(rgba.data(), 4 * width, width, height, tags);
}

}  // namespace

struct TextPainter::Pango {
    Held<PangoFontMap, g_object_unref> fonts{pango_cairo_font_map_new()};
    Held<PangoContext, g_object_unref> context{pango_font_map_create_context(fonts.get())};
    Held<PangoLayout, g_object_unref> layout{pango_layout_new(context.get())};
    PangoRectangle extent{};  // of the layout, in pixels
    double margin = 0;        // around it, for outline and panel
};

TextPainter::TextPainter(TextStyle style)
    : pango_(std::make_unique<Pango>()), style_(std::move(style)) {
    const FontDescription font(pango_font_description_from_string(style_.font.c_str()));
    pango_font_description_set_absolute_size(font.get(), style_.size * PANGO_SCALE);
    PangoLayout* const layout = pango_->layout.get();
    pango_layout_set_font_description(layout, font.get());
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    constexpr PangoAlignment alignments[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                             PANGO_ALIGN_RIGHT};
    pango_layout_set_alignment(layout, alignments[static_cast<std::size_t>(style_.alignment)]);
    pango_->margin = std::ceil(style_.outline + (style_.background > 0 ? style_.size / 4 : 0));
}

TextPainter::~TextPainter() = default;

TextPainter::Extent TextPainter::layout(const std::string& text, int max_width) {
    PangoLayout* const layout = pango_->layout.get();
    const int room = std::max(max_width - 2 * static_cast<int>(pango_->margin), 1);
    pango_layout_set_width(layout, room * PANGO_SCALE);
    const Held<char, g_free> valid(
        g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
    pango_layout_set_text(layout, valid.get(), -1);
    // Slanted letters reach out of the room that they take in a line.
    PangoRectangle ink{};
    PangoRectangle& extent = pango_->extent;
    pango_layout_get_pixel_extents(layout, &ink, &extent);
    const int right = std::max(ink.x + ink.width, extent.x + extent.width);
    extent.x = std::min(ink.x, extent.x);
    extent.width = right - extent.x;
    const int margins = 2 * static_cast<int>(pango_->margin);
    return {extent.width + margins, extent.height + margins};
}

Frame TextPainter::paint(int left, int top, int width, int height, ColorTags tags) const {
    const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height));
    const Drawing drawing(cairo_create(surface.get()));
    cairo_t* const cairo = drawing.get();
    const RgbColor around = contrast(style_.color);
    if (style_.background > 0) {
        const int margins = 2 * static_cast<int>(pango_->margin);
        cairo_rectangle(cairo, -left, -top, pango_->extent.width + margins,
                        pango_->extent.height + margins);
        set_color(cairo, around, style_.background);
        cairo_fill(cairo);
    }
    // As a group, so that the outline does not show through a translucent text.
    cairo_push_group(cairo);
    cairo_move_to(cairo, pango_->margin - left - pango_->extent.x,
                  pango_->margin - top - pango_->extent.y);
    if (style_.outline > 0) {
        pango_cairo_layout_path(cairo, pango_->layout.get());
        set_color(cairo, around, 1);
        cairo_set_line_width(cairo, 2 * style_.outline);
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
        cairo_stroke(cairo);
        cairo_move_to(cairo, pango_->margin - left - pango_->extent.x,
                      pango_->margin - top - pango_->extent.y);
    }
    set_color(cairo, style_.color, 1);
    pango_cairo_show_layout(cairo, pango_->layout.get());
    cairo_pop_group_to_source(cairo);
    cairo_paint_with_alpha(cairo, style_.opacity);

    cairo_surface_flush(surface.get());
    if (cairo_status(cairo) != CAIRO_STATUS_SUCCESS) {
        throw Error(fmt::format("the text cannot be drawn: {}",
                                cairo_status_to_string(cairo_status(cairo))));
    }
    return frame_of(surface.get(), width, height, tags);
}

}  // namespace scrim
