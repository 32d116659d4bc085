#include "filter/pixelate.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace scrim {
namespace {

/// Blocks are counted in luma pixels, from the top left. A chroma pixel that lies in two blocks (of
/// an odd size) gets the mean of them, as if the picture had been subsampled afterwards.
class Pixelate final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.integer("size", size_, {1, 4096}, "width and height of a block in pixels");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        block_of_column_.resize(static_cast<std::size_t>(stream.width));
        for (int x = 0; x < stream.width; ++x)
            block_of_column_[static_cast<std::size_t>(x)] = x / size_;
        blocks_across_ = (stream.width + size_ - 1) / size_;
        const int blocks_down = (stream.height + size_ - 1) / size_;
        means_.resize(static_cast<std::size_t>(blocks_across_) *
                      static_cast<std::size_t>(blocks_down));
        columns_.resize(static_cast<std::size_t>(stream.width));
        sums_.assign(columns_.size() + 1, 0);
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (size_ == 1) return;
        const Size size{image.width(), image.height()};
        constexpr int full = 0;
        constexpr int half = 1;
        pixelate(image.y, size, full);
        pixelate(image.u, size, half);
        pixelate(image.v, size, half);
    }

  private:
    static constexpr int one = 256;

    struct Size {
        int width, height;
    };

    /// Pixel x of the plane shows the picture from x << shift on.
    void pixelate(Plane& plane, Size picture, int shift) {
        find_means(plane, picture, shift);
        std::uint8_t* out = plane.overwritable();
        std::pair<int, int> above{-1, -1};
        for (int y = 0; y < plane.height(); ++y, out += plane.stride()) {
            const int last_row = std::min(((y + 1) << shift) - 1, picture.height - 1);
            const std::pair blocks{(y << shift) / size_, last_row / size_};
            if (blocks == above) {
                std::copy_n(out - plane.stride(), plane.width(), out);
            } else {
                draw_row(blocks, plane.width(), picture.width, shift, out);
            }
            above = blocks;
        }
    }

    void find_means(const Plane& plane, Size picture, int shift) {
        auto mean = means_.begin();
        const std::uint32_t* const sums = sums_.data();
        for (int top = 0; top < picture.height; top += size_) {
            const int bottom = std::min(top + size_, picture.height);
            sum_rows(plane, top, bottom, picture.width, shift);
            const auto share_of = [rows = bottom - top](int columns) {
                return one / static_cast<float>(columns * rows);
            };
            const float usual_share = share_of(size_);
            for (int left = 0; left < picture.width; left += size_) {
                const int right = std::min(left + size_, picture.width);
                const float share = right - left == size_ ? usual_share : share_of(right - left);
                const std::uint32_t sum = sums[right] - sums[left];  // may have wrapped around
                *mean++ = static_cast<std::uint16_t>(static_cast<float>(sum) * share);
            }
        }
    }

    /// sums_[x] becomes the sum of what is left of x.
    void sum_rows(const Plane& plane, int top, int bottom, int width, int shift) {
        std::fill(columns_.begin(), columns_.end(), 0U);
        std::uint32_t* const columns = columns_.data();
        const int count = plane.width();
        for (int y = top; y < bottom; ++y) {
            const std::uint8_t* const row = plane.row(y >> shift);
            for (int x = 0; x < count; ++x)
                columns[x] += row[x];
        }
        std::uint32_t sum = 0;
        for (int x = 0; x < width; ++x) {
            sum += columns[x >> shift];
            sums_[static_cast<std::size_t>(x) + 1] = sum;
        }
    }

    void draw_row(std::pair<int, int> blocks, int count, int width, int shift,
                  std::uint8_t* out) const {
        const std::uint16_t* const top =
            means_.data() + std::ptrdiff_t{blocks.first} * blocks_across_;
        const std::uint16_t* const bottom =
            means_.data() + std::ptrdiff_t{blocks.second} * blocks_across_;
        const int* const block = block_of_column_.data();
        for (int x = 0; x < count; ++x) {
            const int left = block[x << shift];
            const int right = block[std::min(((x + 1) << shift) - 1, width - 1)];
            const int sum = top[left] + top[right] + bottom[left] + bottom[right];
            out[x] = static_cast<std::uint8_t>((sum + 2 * one) / (4 * one));
        }
    }

    int size_ = 16;
    int blocks_across_ = 0;
    std::vector<int> block_of_column_;
    std::vector<std::uint16_t> means_;  // of the blocks, row by row, in 256ths
    // of the present row of blocks
    std::vector<std::uint32_t> columns_;  // the sum of each column of the plane
    std::vector<std::uint32_t> sums_;     // the sums from the left of the picture on
};

}  // namespace

std::unique_ptr<Filter> make_pixelate() {
    return std::make_unique<Pixelate>();
}

}  // namespace scrim
