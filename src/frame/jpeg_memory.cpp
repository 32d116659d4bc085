#include "frame/jpeg_memory.h"

#include <cstring>

#include <jerror.h>

#include "frame/plane.h"

/// Whose name libjpeg declares, and whose content is its memory's own affair.
struct jvirt_barray_control {
    scrim::Plane memory;  // a row of blocks in each, aligned as vector code needs it
    std::vector<JBLOCKROW> rows;
    // So many rows, from the first, were made zero ...
    JDIMENSION before = 0;  // ... before they were written
    JDIMENSION after = 0;   // ... when they were read for the last time

    void resize(JDIMENSION blocks_per_row, JDIMENSION count);
    void clear(JDIMENSION& cleared, JDIMENSION until) {
        for (; cleared < until; ++cleared)
            std::memset(rows[cleared], 0, static_cast<std::size_t>(memory.width()));
    }
    JDIMENSION count() const { return static_cast<JDIMENSION>(rows.size()); }
};

void jvirt_barray_control::resize(JDIMENSION blocks_per_row, JDIMENSION count) {
    const int width = static_cast<int>(blocks_per_row * sizeof(JBLOCK));
    const int height = static_cast<int>(count);
    if (memory.width() == width && memory.height() == height) return;
    memory = {};  // the pool gets it back before more is asked for
    memory = scrim::Plane(width, height);
    after = 0;
    rows.clear();
    for (int y = 0; y < height; ++y)
        rows.push_back(reinterpret_cast<JBLOCKROW>(memory.writable_row(y)));
}

namespace scrim {

JpegMemory::JpegMemory() = default;
JpegMemory::~JpegMemory() = default;

void JpegMemory::serve(jpeg_decompress_struct& decoder) {
    decoder.client_data = this;
    decoder.mem->request_virt_barray = request;
    decoder.mem->access_virt_barray = access;
}

void JpegMemory::begin_picture() {
    used_ = 0;
    last_pass_ = false;
}

void JpegMemory::end_last_pass() {
    for (const auto& array : arrays_)
        array->clear(array->after, array->count());
}

jvirt_barray_ptr JpegMemory::request(j_common_ptr decoder, int /*pool*/, boolean /*zeroed*/,
                                     JDIMENSION blocks_per_row, JDIMENSION rows,
                                     JDIMENSION /*access*/) {
    auto& self = *static_cast<JpegMemory*>(decoder->client_data);
    if (self.used_ == self.arrays_.size())
        self.arrays_.push_back(std::make_unique<jvirt_barray_control>());
    jvirt_barray_control& array = *self.arrays_[self.used_++];
    array.resize(blocks_per_row, rows);
    // The picture before may have been left in the middle.
    array.before = array.after == rows ? rows : 0;
    array.after = 0;
    return &array;
}

/// The decoder of the entropy coding writes only what is not zero.
JBLOCKARRAY JpegMemory::access(j_common_ptr decoder, jvirt_barray_ptr array, JDIMENSION first,
                               JDIMENSION count, boolean /*writable*/) {
    if (first + count > array->count()) ERREXIT(decoder, JERR_BAD_VIRTUAL_ACCESS);
    array->clear(array->before, first + count);
    if (static_cast<const JpegMemory*>(decoder->client_data)->last_pass_)
        array->clear(array->after, first);
    return &array->rows[first];
}

}  // namespace scrim
