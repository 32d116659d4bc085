#pragma once

#include <array>
#include <csetjmp>
#include <cstdint>
#include <cstdio>  // jpeglib.h needs it

#include <jpeglib.h>

#include "frame/captured.h"
#include "frame/frame.h"
#include "frame/jpeg_memory.h"

namespace scrim {

/// JPEG pictures through libjpeg-turbo, straight into the planes of a Frame (BT.601, full range);
/// what Decoder promises for them.
///
/// Threads: one at a time; thumbnail() and rest() may be called on different ones.
class JpegDecoder {
  public:
    JpegDecoder();
    ~JpegDecoder();
    JpegDecoder(const JpegDecoder&) = delete;
    JpegDecoder& operator=(const JpegDecoder&) = delete;

    Frame decode(const Captured& captured);
    Frame thumbnail(const Captured& captured, int shrink);
    Frame rest();

  private:
    static constexpr std::size_t most_planes = 3;
    using Planes = std::array<Plane, most_planes>;

    /// libjpeg's errors, and those of its warnings that mean a damaged picture, end the function
    /// that is guarded() at present.
    struct Failure {
        jpeg_error_mgr manager;  // first: libjpeg knows of it only
        std::jmp_buf back;
        std::array<char, JMSG_LENGTH_MAX> message;
    };
    [[noreturn]] static void fail(j_common_ptr decoder);
    static void on_message(j_common_ptr decoder, int level);
    template <typename Work>
    void guarded(const Work& work);

    void open(const Captured& captured, bool in_two_parts);
    void check_tables() const;
    Planes planes(int shrink) const;
    Frame whole();
    Frame frame_of(Planes planes) const;

    Failure failure_{};
    JpegMemory memory_;
    jpeg_decompress_struct decoder_{};
    std::uint64_t sequence_ = 0;  // of the picture ...
    Time captured_{};             // ... and its time
};

}  // namespace scrim
