#pragma once

#include <cstddef>
#include <cstdio>  // jpeglib.h needs it
#include <memory>
#include <vector>

#include <jpeglib.h>

namespace scrim {

/// Memory for the DCT coefficients of whole JPEG pictures that stays from one picture to the next.
/// libjpeg-turbo's own asks the system for megabytes for every picture and gives them back: their
/// page faults take longer than all the rest of reading the picture (1280x720: 2.7 ms instead of
/// 1.0).
///
/// libjpeg keeps its memory's functions in a table so that a program may bring its own; these are
/// the two for "virtual arrays of blocks" (libjpeg.txt, structure.txt).
///
/// Threads: the one that the decoder is used on.
class JpegMemory {
  public:
    JpegMemory();
    ~JpegMemory();
    JpegMemory(const JpegMemory&) = delete;
    JpegMemory& operator=(const JpegMemory&) = delete;

    /// Takes over from libjpeg's own. Needs `client_data` of the decoder, and must outlive it.
    void serve(jpeg_decompress_struct& decoder);

    /// Whatever was asked for before is not used any more.
    void begin_picture();
    /// From now on every row is read once, in their order. What was read is made zero while it is
    /// still in the cache, as the next picture needs it.
    void begin_last_pass() { last_pass_ = true; }
    void end_last_pass();

  private:
    static jvirt_barray_ptr request(j_common_ptr decoder, int pool, boolean zeroed,
                                    JDIMENSION blocks_per_row, JDIMENSION rows, JDIMENSION access);
    static JBLOCKARRAY access(j_common_ptr decoder, jvirt_barray_ptr array, JDIMENSION first,
                              JDIMENSION count, boolean writable);

    std::vector<std::unique_ptr<jvirt_barray_control>> arrays_;
    std::size_t used_ = 0;
    bool last_pass_ = false;
};

}  // namespace scrim
