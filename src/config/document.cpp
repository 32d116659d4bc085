#include "config/document.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "config/places.h"
#include "config/syntax_errors.h"
#include "config/utf8.h"

namespace scrim {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;
constexpr std::size_t kMostLevels = 64;
constexpr std::size_t kMostValues = 100'000;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Thrown out of the parser's callbacks to stop it.
struct Refused {
    Location where;
    std::string key;
    std::string reason;
};

std::size_t offset_of(const YAML::Mark& mark) {
    return static_cast<std::size_t>(std::max(mark.pos, 0));
}

Value nothing(Location where) {
    Value value;
    value.where = where;
    return value;
}

/// A value together with what the limits are about.
struct Measured {
    Value value;
    std::size_t count = 1;   // values in it, itself included
    std::size_t levels = 0;  // of lists and maps in it
};

/// Builds the tree from the parser's events. Nothing is recursive here, and the parser's own
/// recursion ends when a list or map too deep is refused.
class Builder : public YAML::EventHandler {
  public:
    Builder(std::string_view text, const Places& places, Diagnostics& diagnostics)
        : text_(text), places_(places), diagnostics_(diagnostics) {}

    Value take() { return std::move(root_); }

    /// After an error: the keys of the document whose values were complete. A ":" where none can
    /// be often means that the value before it has swallowed its line.
    Value take_complete(bool last_is_suspect) {
        Value value = std::move(open_.empty() ? root_ : open_.front().built.value);
        if (value.kind != Value::Kind::map) return {};
        if (last_is_suspect && !value.entries.empty()) value.entries.pop_back();
        return value;
    }

    /// The list or map in which the text has ended.
    std::optional<Location> innermost() const {
        if (open_.empty()) return std::nullopt;
        return open_.back().built.value.where;
    }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ == 0) return;
        const std::string_view rest = text_.substr(std::min(offset_of(mark), text_.size()));
        refuse(mark, rest.starts_with("---")
                         ? "a second document begins here; a configuration is only one"
                         : "this does not go on with what stands above it; is it indented "
                           "differently, or is one a list and the other \"key: value\" lines?");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        count(1, mark);
        complete({.value = nothing(place_of_null(mark))}, anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& text) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        begin(Value::Kind::list, mark, tag, "seq", anchor);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        begin(Value::Kind::map, mark, tag, "map", anchor);
    }
    void OnMapEnd() override { end(); }

  private:
    /// A list or a map that is being read.
    struct Open {
        Measured built;
        YAML::anchor_t anchor = 0;
        bool has_key = false;  // of a map: its value comes next
        bool usable = true;    // false: the value is dropped, its key was reported
        std::string key;
        Location key_where;
        std::map<std::string, int> lines;  // where each key is
    };

    Location place(const YAML::Mark& mark) const { return places_.at(offset_of(mark)); }
    Location place_of_null(const YAML::Mark& mark) const;
    [[noreturn]] void refuse(const YAML::Mark& mark, std::string reason) const {
        throw Refused{.where = place(mark), .key = path(), .reason = std::move(reason)};
    }
    void count(std::size_t values, const YAML::Mark& mark);
    bool check_tag(const std::string& tag, std::string_view expected, const YAML::Mark& mark);
    void check_closed(const YAML::Mark& mark) const;
    void begin(Value::Kind kind, const YAML::Mark& mark, const std::string& tag,
               std::string_view expected_tag, YAML::anchor_t anchor);
    void end();
    void complete(Measured done, YAML::anchor_t anchor);
    void take_key(Open& map, const Value& key);
    std::string path() const;

    std::string_view text_;
    const Places& places_;
    Diagnostics& diagnostics_;
    int documents_ = 0;
    std::size_t values_ = 0;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Measured> anchors_;
    Value root_;
};

/// The parser reports a value that is not there at the token after it, often lines below.
Location Builder::place_of_null(const YAML::Mark& mark) const {
    const std::string_view rest = text_.substr(std::min(offset_of(mark), text_.size()));
    const bool written = rest.starts_with('~') || rest.starts_with("null") ||
                         rest.starts_with("Null") || rest.starts_with("NULL");
    if (written || mark.pos <= 0) return place(mark);
    return places_.last_seen(offset_of(mark) - 1);
}

/// Where are we: "layers[1].foreground".
std::string Builder::path() const {
    std::string path;
    for (const Open& open : open_) {
        if (open.built.value.kind == Value::Kind::list) {
            path += fmt::format("[{}]", open.built.value.items.size());
        } else if (open.has_key) {
            path += (path.empty() ? "" : ".") + open.key;
        }
    }
    return path;
}

void Builder::count(std::size_t values, const YAML::Mark& mark) {
    values_ += values;
    if (values_ > kMostValues) {
        refuse(mark, fmt::format("there are more than {} values", kMostValues));
    }
}

bool Builder::check_tag(const std::string& tag, std::string_view expected, const YAML::Mark& mark) {
    if (tag == "?" || tag == "!" || tag == fmt::format("tag:yaml.org,2002:{}", expected)) {
        return true;
    }
    diagnostics_.error(place(mark), path(),
                       "a \"!\" before a value is not supported; a text that begins with it needs "
                       "quotes");
    return false;
}

/// yaml-cpp 0.7 takes the end of the text for a closing quote, so that half of a file would pass.
void Builder::check_closed(const YAML::Mark& mark) const {
    std::size_t at = offset_of(mark);
    if (at >= text_.size() || (text_[at] != '"' && text_[at] != '\'')) return;
    const char quote = text_[at];
    for (++at; at < text_.size(); ++at) {
        if (quote == '"' && text_[at] == '\\') {
            ++at;
        } else if (text_[at] == quote) {
            if (quote == '"' || at + 1 >= text_.size() || text_[at + 1] != quote) return;
            ++at;
        }
    }
    refuse(mark, "this quote is not closed");
}

void Builder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       const std::string& text) {
    count(1, mark);
    check_closed(mark);
    constexpr std::string_view core = "tag:yaml.org,2002:";
    Value value = nothing(place(mark));
    value.kind = Value::Kind::scalar;
    value.scalar = text;
    value.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    const std::string_view name =
        tag.starts_with(core) ? std::string_view(tag).substr(core.size()) : "str";
    const bool plain = name == "int" || name == "float" || name == "bool";
    if (name == "null" || !check_tag(tag, plain ? name : "str", mark)) {
        value = nothing(value.where);
    }
    complete({.value = std::move(value)}, anchor);
}

void Builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) refuse(mark, "this alias stands for a value that contains it");
    count(found->second.count, mark);  // before the copy: aliases of aliases grow without bound
    if (open_.size() + found->second.levels > kMostLevels) {
        refuse(mark, fmt::format("lists and maps are nested more than {} deep", kMostLevels));
    }
    complete(found->second, 0);
}

void Builder::begin(Value::Kind kind, const YAML::Mark& mark, const std::string& tag,
                    std::string_view expected_tag, YAML::anchor_t anchor) {
    count(1, mark);
    if (open_.size() >= kMostLevels) {
        throw Refused{
            .where = place(mark),
            .key = "",
            .reason = fmt::format("lists and maps are nested more than {} deep", kMostLevels)};
    }
    check_tag(tag, expected_tag, mark);
    Open open;
    open.built.value.kind = kind;
    open.built.value.where = place(mark);
    open.built.levels = 1;
    open.anchor = anchor;
    open_.push_back(std::move(open));
}

void Builder::end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    complete(std::move(done.built), done.anchor);
}

void Builder::complete(Measured done, YAML::anchor_t anchor) {
    if (anchor != 0) {
        // The copy counts too, or a tower of anchors would cost far more memory than its text.
        values_ += done.count;
        anchors_[anchor] = done;
    }
    if (open_.empty()) {
        root_ = std::move(done.value);
        return;
    }
    Open& parent = open_.back();
    parent.built.count += done.count;
    parent.built.levels = std::max(parent.built.levels, done.levels + 1);
    if (parent.built.value.kind == Value::Kind::list) {
        parent.built.value.items.push_back(std::move(done.value));
    } else if (!parent.has_key) {
        take_key(parent, done.value);
    } else {
        parent.has_key = false;
        if (!parent.usable) return;
        parent.built.value.entries.push_back({.key = std::move(parent.key),
                                              .where = parent.key_where,
                                              .value = std::move(done.value)});
    }
}

void Builder::take_key(Open& map, const Value& key) {
    map.usable = key.kind == Value::Kind::scalar;
    if (!map.usable) {
        diagnostics_.error(key.where, path(),
                           fmt::format("a key must be text, is {}", key.kind_name()));
    }
    map.has_key = true;
    map.key = key.scalar;
    map.key_where = key.where;
    if (!map.usable) return;
    if (key.scalar == "<<" && !key.quoted) {
        diagnostics_.error(key.where, path(),
                           "merging maps is not supported; write the keys out here");
        map.usable = false;
        return;
    }
    const auto [first, is_new] = map.lines.try_emplace(key.scalar, key.where.line);
    if (is_new) return;
    map.usable = false;
    diagnostics_.error(
        key.where, path(),
        first->second == key.where.line
            ? fmt::format("is given twice on line {}", key.where.line)
            : fmt::format("is given twice, on lines {} and {}", first->second, key.where.line));
}

/// False, with a report, if the text is too long, not UTF-8, or has characters that YAML forbids.
bool check_text(std::string_view text, const Places& places, Diagnostics& diagnostics) {
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Character c = utf8_character(text, at);
        std::string reason;
        if (c.bytes == 0) {
            const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
            reason = utf16 ? "the file is in UTF-16; save it as UTF-8"
                           : fmt::format("the byte 0x{:02x} is not UTF-8; save the file as UTF-8",
                                         static_cast<unsigned char>(text[at]));
        } else if (is_control_character(c.code)) {
            reason = fmt::format("the control character 0x{:02x} cannot stand in a configuration",
                                 static_cast<unsigned>(c.code));
        }
        if (!reason.empty()) {
            diagnostics.error(places.at(at), "", reason);
            return false;
        }
        at += c.bytes;
    }
    return true;
}

}  // namespace

const char* Value::kind_name() const {
    switch (kind) {
        case Kind::null:
            return "nothing";
        case Kind::scalar:
            return "text";
        case Kind::list:
            return "a list";
        case Kind::map:
            return "a map";
    }
    return "nothing";
}

Value parse_yaml(const std::string& text, Diagnostics& diagnostics) {
    if (text.size() > kMostBytes) {
        diagnostics.error({}, "", "is larger than 1 MiB");
        return {};
    }
    std::string_view body = text;
    if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
    const Places places(body);
    if (!check_text(body, places, diagnostics)) return {};

    Builder builder(body, places, diagnostics);
    try {
        std::istringstream stream{std::string(body)};
        YAML::Parser parser(stream);
        // The second call finds out whether anything is left: the builder refuses that.
        if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
        return builder.take();
    } catch (const Refused& refused) {
        diagnostics.error(refused.where, refused.key, refused.reason);
    } catch (const YAML::Exception& e) {
        report_syntax(e, body, places, builder.innermost(), diagnostics);
        return builder.take_complete(e.msg == YAML::ErrorMsg::MAP_VALUE);
    } catch (const std::exception& e) {
        diagnostics.error({}, "", fmt::format("cannot be read as YAML: {}", e.what()));
    }
    return builder.take_complete(false);
}

}  // namespace scrim
