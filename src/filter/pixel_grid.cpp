#include "filter/pixel_grid.h"

#include <cassert>
#include <cstring>

#include "frame/color.h"

namespace scrim {
namespace {

constexpr std::uint8_t neutral_chroma = 128;

/// Runs that are shorter on average are not worth a call of memcpy() each.
constexpr std::size_t least_mean_run = 16;

std::size_t index(int i) {
    return static_cast<std::size_t>(i);
}

bool counts_up(const std::vector<int>& source) {
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] != static_cast<int>(i)) return false;
    }
    return true;
}

}  // namespace

void PixelGrid::Axis::plan_luma(const std::vector<int>& source) {
    first = source;
    second = source;
    plan();
}

void PixelGrid::Axis::plan_chroma(const std::vector<int>& source) {
    first.clear();
    second.clear();
    for (std::size_t i = 0; i < source.size(); i += 2) {
        int a = source[i];
        int b = i + 1 < source.size() ? source[i + 1] : a;
        if (a == nowhere) a = b;
        if (b == nowhere) b = a;
        first.push_back(a == nowhere ? nowhere : a / 2);
        second.push_back(b == nowhere ? nowhere : b / 2);
    }
    plan();
}

/// Finds runs and gaps.
void PixelGrid::Axis::plan() {
    gaps.clear();
    runs.clear();
    for (std::size_t i = 0; i < first.size(); ++i) {
        const bool gap = first[i] == nowhere;
        std::vector<Run>& list = gap ? gaps : runs;
        const int to = static_cast<int>(i);
        Run* const last = list.empty() ? nullptr : &list.back();
        if (last != nullptr && last->to + last->length == to &&
            (gap || (last->first + last->length == first[i] &&
                     last->second + last->length == second[i]))) {
            ++last->length;
        } else {
            list.push_back({to, first[i], second[i], 1});
        }
        if (gap) first[i] = second[i] = 0;
    }
    if (runs.size() * least_mean_run > first.size()) runs.clear();
}

bool PixelGrid::Axis::same(int i, int j) const {
    return first[index(i)] == first[index(j)] && second[index(i)] == second[index(j)];
}

void PixelGrid::set(const std::vector<int>& columns, const std::vector<int>& rows) {
    columns_.plan_luma(columns);
    rows_.plan_luma(rows);
    chroma_columns_.plan_chroma(columns);
    chroma_rows_.plan_chroma(rows);
    identical_ = counts_up(columns) && counts_up(rows);
    visible_ = Plane();
    if (columns_.gaps.empty() && rows_.gaps.empty()) return;
    const int width = static_cast<int>(columns.size());
    const int height = static_cast<int>(rows.size());
    visible_ = rearranged(Plane::filled(width, height, 255), 0);
}

void PixelGrid::apply(Frame& image) {
    assert(index(image.width()) == columns_.first.size());
    assert(index(image.height()) == rows_.first.size());
    if (identical_) return;
    const auto black = static_cast<std::uint8_t>(levels(image.tags.range).luma_offset);
    image.y = rearranged(image.y, black);
    image.u = rearranged_chroma(image.u);
    image.v = rearranged_chroma(image.v);
    image.alpha = image.opaque() ? visible_ : rearranged(image.alpha, 0);
}

/// make_row(first input row, second input row, output row) for each that comes from somewhere and
/// is not the same as the one before.
template <typename MakeRow>
Plane PixelGrid::laid_out(const Plane& in, const Axis& columns, const Axis& rows,
                          std::uint8_t outside, const MakeRow& make_row) {
    Plane out(in.width(), in.height());
    std::uint8_t* const pixels = out.overwritable();
    const auto row_of = [&](int y) { return pixels + std::ptrdiff_t{out.stride()} * y; };
    for (int y = 0; y < out.height(); ++y) {
        std::uint8_t* const row = row_of(y);
        if (y > 0 && rows.same(y, y - 1)) {
            std::memcpy(row, row_of(y - 1), index(out.width()));
            continue;
        }
        make_row(in.row(rows.first[index(y)]), in.row(rows.second[index(y)]), row);
        for (const Run& gap : columns.gaps)
            std::memset(row + gap.to, outside, index(gap.length));
    }
    for (const Run& gap : rows.gaps) {
        for (int y = gap.to; y < gap.to + gap.length; ++y)
            std::memset(row_of(y), outside, index(out.width()));
    }
    return out;
}

Plane PixelGrid::rearranged(const Plane& in, std::uint8_t outside) const {
    const auto make_row = [&](const std::uint8_t* from, const std::uint8_t*, std::uint8_t* to) {
        for (const Run& run : columns_.runs)
            std::memcpy(to + run.to, from + run.first, index(run.length));
        if (!columns_.runs.empty()) return;
        const int* const source = columns_.first.data();
        for (int x = 0; x < in.width(); ++x)
            to[x] = from[source[x]];
    };
    return laid_out(in, columns_, rows_, outside, make_row);
}

Plane PixelGrid::rearranged_chroma(const Plane& in) {
    sums_.resize(index(in.width()));
    const auto make_row = [&](const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* to) {
        mix_rows(a, b, in.width(), to);
    };
    return laid_out(in, chroma_columns_, chroma_rows_, neutral_chroma, make_row);
}

/// One output row of chroma from two input rows of `width` pixels.
void PixelGrid::mix_rows(const std::uint8_t* a, const std::uint8_t* b, int width,
                         std::uint8_t* out) {
    std::uint16_t* const sums = sums_.data();
    for (int x = 0; x < width; ++x)
        sums[x] = static_cast<std::uint16_t>(a[x] + b[x]);
    for (const Run& run : chroma_columns_.runs) {
        const std::uint16_t* const first = sums + run.first;
        const std::uint16_t* const second = sums + run.second;
        std::uint8_t* const to = out + run.to;
        for (int x = 0; x < run.length; ++x) {
            const auto sum = static_cast<std::uint16_t>(first[x] + second[x] + 2);
            to[x] = static_cast<std::uint8_t>(sum >> 2);
        }
    }
    if (!chroma_columns_.runs.empty()) return;
    const int* const first = chroma_columns_.first.data();
    const int* const second = chroma_columns_.second.data();
    for (int x = 0; x < width; ++x) {
        out[x] = static_cast<std::uint8_t>((sums[first[x]] + sums[second[x]] + 2) >> 2);
    }
}

}  // namespace scrim
