// What every filter of the registry promises, whatever it does: checked on all sizes, with and
// without alpha, in both colour tags, with rows of any length. A new filter is tested by being in
// the registry; one with required parameters also needs a line in `cases` below.

#include <array>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <unistd.h>

#include "compose/compositor.h"
#include "config/config.h"
#include "filter/test_pictures.h"
#include "frame/picture.h"
#include "support/media.h"

namespace scrim {
namespace {

enum class AlphaAfter { as_before, present, absent };

struct Case {
    std::string arguments;  // after the name, "" = none
    AlphaAfter alpha = AlphaAfter::as_before;
};

/// Filters that cannot do without arguments, or that are expected to change the alpha plane.
const std::map<std::string_view, Case>& cases() {
    static const std::map<std::string_view, Case> all{
        {"affine", {"[[0.9, -0.3], [0.3, 0.9]], [2, -7]", AlphaAfter::present}},
        {"anonymize", {"", AlphaAfter::present}},
        {"change_alpha", {"-110", AlphaAfter::present}},
        {"chroma_key", {"0, 255, 0, 60", AlphaAfter::present}},
        {"crop", {"1, 0, 30%, {feather: 3, shape: ellipse}", AlphaAfter::present}},
        {"image", {"opaque.png", AlphaAfter::absent}},
        {"image_sequence", {"frames", AlphaAfter::absent}},
        {"move", {"0.3, -0.1, true"}},
        {"overlay", {R"({image_path: logo.png, x: 1, width: "50%"})", AlphaAfter::as_before}},
        {"roll", {"7, -3"}},
        {"solid_color", {"", AlphaAfter::absent}},
        {"text", {"\"100%% Å…\", 1, -1, 20"}},
        {"video", {"video.mkv", AlphaAfter::absent}},
        {"webcam", {"pattern", AlphaAfter::absent}},
        {"zoom", {"1.7, 2.3"}},
    };
    return all;
}

constexpr std::pair<int, int> sizes[] = {{1, 1},    {1, 2},     {2, 1},      {3, 5},
                                         {127, 63}, {640, 480}, {4096, 2160}};
constexpr ColorTags all_tags[] = {{Matrix::bt601, Range::limited}, {Matrix::bt709, Range::full}};

bool same(const Plane& a, const Plane& b) {
    if (a.width() != b.width() || a.height() != b.height()) return false;
    for (int y = 0; y < a.height(); ++y) {
        if (std::memcmp(a.row(y), b.row(y), static_cast<std::size_t>(a.width())) != 0) return false;
    }
    return true;
}

bool same(const Frame& a, const Frame& b) {
    return same(a.y, b.y) && same(a.u, b.u) && same(a.v, b.v) && same(a.alpha, b.alpha);
}

class FilterContract : public testing::TestWithParam<const FilterKind*> {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  fmt::format("scrim_filters_{}_{}", getpid(), GetParam()->name);
        std::filesystem::create_directories(folder_);
        write_png(test::noise_frame(40, 30, 8), folder_ / "opaque.png");
        write_png(test::noise_frame(40, 30, 8), folder_ / "background.png");
        Frame logo = test::noise_frame(21, 17, 9);
        logo.alpha = test::noise(21, 17, 10);
        write_png(logo, folder_ / "logo.png");
        std::filesystem::create_directories(folder_ / "frames");
        std::vector<Frame> frames;
        for (const unsigned i : {1U, 2U, 3U}) {
            frames.push_back(test::noise_frame(32, 24, i));
            write_png(frames.back(), folder_ / "frames" / fmt::format("{}.png", i));
        }
        test::write_frames(folder_ / "video.mkv", frames);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    Case expectation() const {
        const auto found = cases().find(GetParam()->name);
        return found == cases().end() ? Case{} : found->second;
    }

    std::unique_ptr<Filter> filter_for(const Frame& frame) const {
        const std::string arguments = expectation().arguments;
        return test::filter_of(fmt::format(R"(["{}"{}{}])", GetParam()->name,
                                           arguments.empty() ? "" : ", ", arguments),
                               frame, folder_);
    }

    void expect_contract(const Frame& frame) const;

    std::filesystem::path folder_;
};

void expect_form(const Frame& out, const Frame& in, AlphaAfter alpha) {
    EXPECT_EQ(out.width(), in.width());
    EXPECT_EQ(out.height(), in.height());
    for (const Plane* const plane : {&out.u, &out.v}) {
        EXPECT_EQ(plane->width(), chroma_size(in.width()));
        EXPECT_EQ(plane->height(), chroma_size(in.height()));
    }
    EXPECT_TRUE(out.tags == in.tags);
    EXPECT_EQ(out.sequence, in.sequence);
    const bool opaque = alpha == AlphaAfter::as_before ? in.opaque() : alpha == AlphaAfter::absent;
    EXPECT_EQ(out.opaque(), opaque);
    if (!out.opaque()) {
        EXPECT_EQ(out.alpha.width(), in.width());
        EXPECT_EQ(out.alpha.height(), in.height());
    }
}

/// `frame` is borrowed memory, which nobody may write to.
void FilterContract::expect_contract(const Frame& frame) const {
    std::unique_ptr<Filter> filter = filter_for(frame);
    const FilterTraits traits = filter->traits();
    const Plane mask = Plane::filled(frame.width(), frame.height(), 200);
    FrameContext context;
    if (traits.needs_mask) context.mask = &mask;
    const std::vector<Face> faces{
        {-0.1, 0.2, 0.3, 0.7, std::nullopt},
        {0.5, 0.4, 0.8, 0.9, std::array<FramePoint, 2>{{{0.6, 0.5}, {0.7, 0.5}}}}};
    if (traits.needs_faces) context.faces = &faces;

    Frame exclusive = test::borrowed(frame, 0);
    exclusive.y.writable();  // not borrowed any more: this one may be changed in place
    exclusive.u.writable();
    exclusive.v.writable();
    if (!exclusive.opaque()) exclusive.alpha.writable();
    const Frame held = exclusive;  // but somebody else holds it, too
    const Frame pristine = test::borrowed(frame, 3);

    Frame out = frame;
    filter->apply(out, context);
    expect_form(out, frame, expectation().alpha);
    EXPECT_TRUE(same(frame, pristine)) << "changed the memory of somebody else";

    if (!traits.changes) {
        ++context.index;
        filter->apply(exclusive, context);
        EXPECT_TRUE(same(exclusive, out)) << "changes although it does not say so";
        EXPECT_TRUE(same(held, pristine)) << "changed what another one holds";
        Frame alone = test::borrowed(frame, 1);
        filter->apply(alone, context);
        EXPECT_TRUE(same(alone, out)) << "depends on the length of rows";
    }
    if (traits.replaces_input) {
        Frame other = solid_frame(frame.width(), frame.height(), frame.tags, {50, 60, 70}, 80);
        filter_for(frame)->apply(other, context);
        Frame fresh = frame;
        filter_for(frame)->apply(fresh, context);
        EXPECT_TRUE(same(other, fresh)) << "looks at its input although it does not say so";
    }
    filter.reset();
    EXPECT_FALSE(test::difference(out.y, out.y)) << "the picture must outlive its filter";
}

TEST_P(FilterContract, HoldsAtAllSizes) {
    for (const auto& [width, height] : sizes) {
        for (const ColorTags tags : all_tags) {
            Frame frame = test::noise_frame(width, height, 31, tags);
            frame.sequence = 12;
            for (const bool translucent : {false, true}) {
                SCOPED_TRACE(fmt::format("{}x{}{}", width, height, translucent ? " alpha" : ""));
                if (translucent) frame.alpha = test::noise(width, height, 32);
                for (const int padding : {0, 13})
                    expect_contract(test::borrowed(frame, padding));
            }
        }
    }
}

TEST_P(FilterContract, ExplainsItself) {
    EXPECT_FALSE(GetParam()->help.empty());
    Schema schema;
    const std::unique_ptr<Filter> filter = GetParam()->make();
    filter->bind(schema);
    std::set<std::string> names;
    for (const Parameter& parameter : schema.parameters()) {
        EXPECT_TRUE(names.insert(parameter.name).second) << parameter.name << " is there twice";
        EXPECT_FALSE(parameter.help.empty()) << parameter.name;
        EXPECT_FALSE(parameter.type.empty()) << parameter.name;
        EXPECT_NE(parameter.required, !parameter.default_text.empty()) << parameter.name;
    }
}

TEST_P(FilterContract, RunsItsExample) {
    const std::string text = fmt::format("layers:\n  - {}\n", GetParam()->example);
    EXPECT_NE(text.find(GetParam()->name), std::string::npos);
    Diagnostics diagnostics("example.yaml", text);
    const Config config = parse_config(text, folder_, diagnostics);
    Compositor compositor(config, diagnostics);
    compositor.prepare({64, 48, {}}, diagnostics);
    ASSERT_EQ(diagnostics.render(), "");
    const Plane mask = test::noise(64, 48, 3);
    for (int i = 0; i < 3; ++i) {
        const Frame out = compositor.compose(test::noise_frame(64, 48, 1), {.mask = mask});
        EXPECT_TRUE(out.opaque());
        EXPECT_EQ(out.width(), 64);
    }
}

std::vector<const FilterKind*> all_kinds() {
    std::vector<const FilterKind*> kinds;
    for (const FilterKind& kind : filter_kinds())
        kinds.push_back(&kind);
    return kinds;
}

INSTANTIATE_TEST_SUITE_P(Registry, FilterContract, testing::ValuesIn(all_kinds()),
                         [](const auto& named) { return std::string(named.param->name); });

}  // namespace
}  // namespace scrim
