#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "frame/frame.h"

namespace scrim {

enum class TextAlignment : std::uint8_t { left, center, right };

struct RgbColor {
    std::uint8_t r, g, b;
};

/// How a text looks.
struct TextStyle {
    std::string font = "Sans";  // a Pango font description, "Serif Bold Italic"; its size is ours
    double size = 48;           // of the font, in pixels
    RgbColor color{255, 255, 255};
    double opacity = 1;
    double outline = 0;     // width in pixels, dark around bright text and bright around dark text
    double background = 0;  // opacity of a panel behind the text, in the outline's colour
    TextAlignment alignment = TextAlignment::left;
};

/// Draws text by Pango and Cairo: every script, both directions, and emoji. The first one of a
/// process loads the list of fonts, which takes a moment. Threads: one at a time.
class TextPainter {
  public:
    explicit TextPainter(TextStyle style);
    ~TextPainter();
    TextPainter(const TextPainter&) = delete;
    TextPainter& operator=(const TextPainter&) = delete;

    struct Extent {
        int width, height;
    };
    /// Lays the text out in lines of at most `max_width` pixels; what is not UTF-8 is replaced.
    /// Returns how much room it takes, outline and panel included.
    Extent layout(const std::string& text, int max_width);

    /// The part of the text laid out last that begins `left`, `top` pixels from its corner, as a
    /// picture of that size with alpha.
    Frame paint(int left, int top, int width, int height, ColorTags tags) const;

  private:
    struct Pango;
    std::unique_ptr<Pango> pango_;
    TextStyle style_;
};

}  // namespace scrim
