#include "frame/jpeg_memory.h"

#include <cstddef>
#include <cstring>

#include <jerror.h>

#include "frame/plane.h"

/// Whose name libjpeg declares, and whose content is its memory's own affair.
struct jvirt_barray_control {
    scrim::Plane memory;  // a row of blocks in each, aligned as vector code needs it
    std::vector<JBLOCKROW> rows;
    JDIMENSION zeroed = 0;  // so many rows, from the first, since the picture began
};

namespace scrim {

JpegMemory::JpegMemory() = default;
JpegMemory::~JpegMemory() = default;

void JpegMemory::serve(jpeg_decompress_struct& decoder) {
    decoder.client_data = this;
    decoder.mem->request_virt_barray = request;
    decoder.mem->access_virt_barray = access;
}

jvirt_barray_ptr JpegMemory::request(j_common_ptr decoder, int /*pool*/, boolean /*zeroed*/,
                                     JDIMENSION blocks_per_row, JDIMENSION rows,
                                     JDIMENSION /*access*/) {
    auto& self = *static_cast<JpegMemory*>(decoder->client_data);
    if (self.used_ == self.arrays_.size())
        self.arrays_.push_back(std::make_unique<jvirt_barray_control>());
    jvirt_barray_control& array = *self.arrays_[self.used_++];
    const int width = static_cast<int>(blocks_per_row * sizeof(JBLOCK));
    const int height = static_cast<int>(rows);
    if (array.memory.width() != width || array.memory.height() != height) {
        array.memory = {};  // the pool gets it back before more is asked for
        array.memory = Plane(width, height);
        array.rows.resize(rows);
        std::uint8_t* const bytes = array.memory.overwritable();
        for (JDIMENSION i = 0; i < rows; ++i) {
            array.rows[i] = reinterpret_cast<JBLOCKROW>(
                bytes + std::ptrdiff_t{array.memory.stride()} * static_cast<std::ptrdiff_t>(i));
        }
    }
    array.zeroed = 0;
    return &array;
}

/// The decoder of the entropy coding writes only what is not zero.
JBLOCKARRAY JpegMemory::access(j_common_ptr decoder, jvirt_barray_ptr array, JDIMENSION first,
                               JDIMENSION count, boolean /*writable*/) {
    if (first + count > array->rows.size()) ERREXIT(decoder, JERR_BAD_VIRTUAL_ACCESS);
    for (; array->zeroed < first + count; ++array->zeroed) {
        std::memset(array->rows[array->zeroed], 0, static_cast<std::size_t>(array->memory.width()));
    }
    return &array->rows[first];
}

}  // namespace scrim
