// A camera's JPEG pictures, damaged on the way: each is decoded or refused, at once and in two
// parts alike.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include <turbojpeg.h>

#include "frame/convert.h"
#include "frame/test_planes.h"

namespace scrim {
namespace {

/// As large as its header says, so that most of them are not refused for that.
std::optional<Captured> picture_of(const std::uint8_t* data, std::size_t size) {
    constexpr int largest = 256;
    static const tjhandle header = tjInitDecompress();
    Captured picture;
    picture.format = PixelFormat::mjpeg;
    picture.data = {data};
    picture.size = size;
    int sampling = 0;
    int colors = 0;
    tjDecompressHeader3(header, data, size, &picture.width, &picture.height, &sampling, &colors);
    if (picture.width < 1 || picture.height < 1 || picture.width > largest ||
        picture.height > largest) {
        return std::nullopt;
    }
    return picture;
}

template <typename Decode>
std::optional<Frame> result_of(const Decode& decode) {
    try {
        return decode();
    } catch (const DecodeError&) {
        return std::nullopt;
    }
}

}  // namespace
}  // namespace scrim

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

/// Mostly what follows the headers, which are soon refused.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    constexpr std::array<std::uint8_t, 2> start_of_scan{0xFF, 0xDA};
    const std::uint8_t* const scan =
        std::search(data, data + size, start_of_scan.begin(), start_of_scan.end());
    const auto head = static_cast<std::size_t>(scan - data);
    if (head == size || seed % 8 == 0) return LLVMFuzzerMutate(data, size, most);
    return head + LLVMFuzzerMutate(data + head, size - head, most - head);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace scrim;
    static Decoder decoder;
    const std::optional<Captured> picture = picture_of(data, size);
    if (!picture) return 0;
    const std::optional<Frame> whole = result_of([&] { return decoder.decode(*picture); });
    for (const int shrink : {Decoder::least_shrink, 2 * Decoder::least_shrink}) {
        const std::optional<Frame> rest = result_of([&] {
            decoder.thumbnail(*picture, shrink);
            return decoder.rest();
        });
        if (rest.has_value() != whole.has_value()) std::abort();
        if (rest && test::difference(*rest, *whole) != 0) std::abort();
    }
    return 0;
}
