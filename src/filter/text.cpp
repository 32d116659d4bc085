#include "filter/text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ctime>
#include <optional>
#include <string>

#include <locale.h>

#include "filter/straight_alpha.h"
#include "filter/text_picture.h"
#include "util/error.h"

namespace scrim {
namespace {

constexpr std::size_t longest_text = 1000;

/// Whether it has more of strftime's than "%%".
bool tells_time(const std::string& format) {
    for (std::size_t i = format.find('%'); i != format.npos; i = format.find('%', i + 2)) {
        if (i + 1 < format.size() && format[i + 1] != '%') return true;
    }
    return false;
}

/// The names of days and months, as the user's other programs show them.
class TimeLocale {
  public:
    TimeLocale() : locale_(newlocale(LC_ALL_MASK, "", nullptr)) {
        if (locale_ == nullptr) locale_ = newlocale(LC_ALL_MASK, "C", nullptr);
    }
    ~TimeLocale() { freelocale(locale_); }
    TimeLocale(const TimeLocale&) = delete;
    TimeLocale& operator=(const TimeLocale&) = delete;
    locale_t get() const { return locale_; }

  private:
    locale_t locale_;
};

/// The format itself if the time does not fit.
std::string formatted(const std::string& format, std::time_t time, locale_t locale) {
    std::tm parts{};
    localtime_r(&time, &parts);
    std::array<char, 4 * longest_text> buffer;
    // with something behind, since 0 is both an empty text and one that does not fit
    const std::string ended = format + '.';
    const std::size_t length =
        strftime_l(buffer.data(), buffer.size(), ended.c_str(), &parts, locale);
    return length == 0 ? format : std::string(buffer.data(), length - 1);
}

/// A point of a rectangle, in halves of its sides: {0, 0} is the top left corner.
struct Anchor {
    int x, y;
    bool operator==(const Anchor&) const = default;
};

/// Where a text of `length` begins that is anchored at `half` halves, `margin` inwards.
int begin_of(int half, int size, int length, int margin) {
    return half * (size - length) / 2 + (half == 2 ? -margin : margin);
}

class Text final : public Filter {
  public:
    void bind(Schema& schema) override;
    FilterTraits traits() const override { return {.changes = tells_time(text_)}; }
    void prepare(const StreamContext& stream) override;
    void apply(Frame& image, const FrameContext& context) override;

  private:
    std::time_t now(const FrameContext& context);
    void paint(const std::string& text);

    std::string text_;
    int x_ = 16;
    int y_ = 16;
    int r_ = 255;
    int g_ = 255;
    int b_ = 255;
    std::optional<double> outline_;
    Anchor anchor_{0, 2};
    TextStyle style_;

    // by prepare()
    StreamContext stream_;
    std::unique_ptr<TextPainter> painter_;
    std::unique_ptr<TimeLocale> locale_;
    std::optional<std::time_t> start_;  // not live: the wall clock at the first frame

    std::optional<std::string> shown_;  // what picture_ shows
    Frame picture_;                     // empty if nothing of it is within the frame
    int left_ = 0;                      // of the picture in the frame, both even
    int top_ = 0;
};

void Text::bind(Schema& schema) {
    schema
        .text("text", text_,
              "what is written; %H:%M and the like (strftime) give the time, %% a percent sign")
        .required();
    schema.integer("x", x_, {-16384, 16384}, "pixels from the anchor's side inwards");
    schema.integer("y", y_, {-16384, 16384}, "pixels from the anchor's side inwards");
    schema.number("size", style_.size, {1, 1000}, "of the font, in pixels");
    schema.integer("r", r_, {0, 255}, "red");
    schema.integer("g", g_, {0, 255}, "green");
    schema.integer("b", b_, {0, 255}, "blue");
    schema.text("font", style_.font, "such as Serif Bold Italic");
    schema.choice("anchor", anchor_,
                  {{"top_left", {0, 0}},
                   {"top", {1, 0}},
                   {"top_right", {2, 0}},
                   {"left", {0, 1}},
                   {"center", {1, 1}},
                   {"right", {2, 1}},
                   {"bottom_left", {0, 2}},
                   {"bottom", {1, 2}},
                   {"bottom_right", {2, 2}}},
                  "where in the frame, and the text's own point that lies there");
    schema.number("opacity", style_.opacity, {0, 1}, "1 hides what is behind the letters");
    schema
        .number("outline", outline_, {0, 100},
                "width in pixels; dark around bright text, bright around dark text")
        .default_text("= size / 16");
    schema.number("background", style_.background, {0, 1}, "opacity of a panel behind the text");
}

void Text::prepare(const StreamContext& stream) {
    if (text_.size() > longest_text) {
        throw Error("the text is longer than {} bytes", longest_text);
    }
    stream_ = stream;
    style_.color = {static_cast<std::uint8_t>(r_), static_cast<std::uint8_t>(g_),
                    static_cast<std::uint8_t>(b_)};
    style_.outline = outline_.value_or(style_.size / 16);
    style_.alignment = static_cast<TextAlignment>(anchor_.x);
    painter_ = std::make_unique<TextPainter>(style_);
    locale_ = std::make_unique<TimeLocale>();
    tzset();
    start_.reset();
    shown_.reset();
    if (!tells_time(text_)) paint(formatted(text_, 0, locale_->get()));
}

void Text::apply(Frame& image, const FrameContext& context) {
    if (tells_time(text_)) {
        const std::string text = formatted(text_, now(context), locale_->get());
        if (text != shown_) paint(text);
    }
    if (!picture_.empty()) lay_over(image, picture_, left_, top_);
}

/// The wall clock; where frames do not come as time goes by, their own time since it was looked at.
std::time_t Text::now(const FrameContext& context) {
    const std::time_t clock = std::time(nullptr);
    if (stream_.live) return clock;
    if (!start_) start_ = clock;
    return *start_ + std::chrono::duration_cast<std::chrono::seconds>(context.time).count();
}

/// Only the part that lies within the frame.
void Text::paint(const std::string& text) {
    shown_ = text;
    picture_ = Frame();
    if (text.empty()) return;
    const auto extent = painter_->layout(text, stream_.width - 2 * std::abs(x_));
    const int x = begin_of(anchor_.x, stream_.width, extent.width, x_);
    const int y = begin_of(anchor_.y, stream_.height, extent.height, y_);
    left_ = std::max(x, 0) / 2 * 2;
    top_ = std::max(y, 0) / 2 * 2;
    const int width = std::min(x + extent.width, stream_.width) - left_;
    const int height = std::min(y + extent.height, stream_.height) - top_;
    if (width <= 0 || height <= 0) return;
    picture_ = painter_->paint(left_ - x, top_ - y, width, height, stream_.tags);
}

}  // namespace

std::unique_ptr<Filter> make_text() {
    return std::make_unique<Text>();
}

}  // namespace scrim
