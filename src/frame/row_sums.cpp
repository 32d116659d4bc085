#include "frame/row_sums.h"

#include "util/avx2.h"

namespace scrim {

SCRIM_AVX2_TOO void add_row(std::uint16_t* __restrict sums, const std::uint8_t* __restrict row,
                            int count) {
    for (int x = 0; x < count; ++x)
        sums[x] = static_cast<std::uint16_t>(sums[x] + row[x]);
}

SCRIM_AVX2_TOO void exchange_row(std::uint16_t* __restrict sums, const std::uint8_t* __restrict in,
                                 const std::uint8_t* __restrict out, int count) {
    for (int x = 0; x < count; ++x)
        sums[x] = static_cast<std::uint16_t>(sums[x] + in[x] - out[x]);
}

SCRIM_AVX2_TOO void add_sums(std::uint16_t* __restrict sums, const std::uint16_t* __restrict more,
                             int count) {
    for (int x = 0; x < count; ++x)
        sums[x] = static_cast<std::uint16_t>(sums[x] + more[x]);
}

}  // namespace scrim
