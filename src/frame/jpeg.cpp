#include "frame/jpeg.h"

#include <cstddef>
#include <utility>

#include <jerror.h>
#include <libyuv.h>

#include "frame/convert.h"
#include "frame/halve.h"
#include "frame/jpeg_thumbnail.h"

namespace scrim {
namespace {

/// The rows of a plane. What libjpeg writes below it, to whole blocks, goes to a row of scratch;
/// what it writes beside it, to the plane's own end of row.
class Rows {
  public:
    Rows(Plane& plane, Plane& scratch)
        : pixels_(plane.overwritable()),
          stride_(plane.stride()),
          height_(plane.height()),
          scratch_(scratch.overwritable()) {}

    std::uint8_t* operator[](int y) const {
        return y < height_ ? pixels_ + std::ptrdiff_t{y} * stride_ : scratch_;
    }

  private:
    std::uint8_t* pixels_;
    int stride_;
    int height_;
    std::uint8_t* scratch_;
};

/// Chroma of a JPEG's own size in that of a 4:2:0 picture so high.
Plane chroma_of(Plane in, int width, int height, int picture_height) {
    if (in.width() == width && in.height() == height) return in;
    // 4:2:2, as most cameras compress.
    if (in.width() == width && in.height() == picture_height)
        return half_as_high(in.data(), in.stride(), in.width(), in.height());
    Plane out(width, height);
    libyuv::ScalePlane(in.data(), in.stride(), in.width(), in.height(), out.overwritable(),
                       out.stride(), width, height, libyuv::kFilterBox);
    return out;
}

}  // namespace

void JpegDecoder::fail(j_common_ptr decoder) {
    auto* const failure = reinterpret_cast<Failure*>(decoder->err);
    failure->manager.format_message(decoder, failure->message.data());
    std::longjmp(failure->back, 1);
}

/// Some cameras leave a few stray bytes between the data and the next marker, and the picture is
/// whole. Every other warning means a damaged picture.
void JpegDecoder::on_message(j_common_ptr decoder, int level) {
    constexpr int stray_bytes = 16;
    if (level >= 0) return;  // no warning
    const jpeg_error_mgr& error = *decoder->err;
    if (error.msg_code == JWRN_EXTRANEOUS_DATA && error.msg_parm.i[0] <= stray_bytes) return;
    fail(decoder);
}

/// Throws DecodeError where libjpeg fails in `work`, which is left by a jump: what it has in
/// variables of its own must need no destructor.
template <typename Work>
void JpegDecoder::guarded(const Work& work) {
    if (setjmp(failure_.back) != 0)
        throw DecodeError("broken JPEG picture: {}", failure_.message.data());
    work();
}

JpegDecoder::JpegDecoder() {
    decoder_.err = jpeg_std_error(&failure_.manager);
    failure_.manager.error_exit = fail;
    failure_.manager.emit_message = on_message;
    guarded([this] { jpeg_create_decompress(&decoder_); });
    memory_.serve(decoder_);
}

JpegDecoder::~JpegDecoder() {
    jpeg_destroy_decompress(&decoder_);
}

/// Reads the header, and says how to decode what follows.
void JpegDecoder::open(const Captured& captured, bool in_two_parts) {
    guarded([&] {
        jpeg_abort_decompress(&decoder_);  // the picture before may have ended in the middle
        memory_.begin_picture();
        jpeg_mem_src(&decoder_, captured.data[0], captured.size);
        jpeg_read_header(&decoder_, TRUE);
    });
    const auto width = static_cast<int>(decoder_.image_width);
    const auto height = static_cast<int>(decoder_.image_height);
    if (width != captured.width || height != captured.height) {
        throw DecodeError("a JPEG picture of {}x{} in a stream of {}x{}", width, height,
                          captured.width, captured.height);
    }
    if (decoder_.jpeg_color_space != JCS_YCbCr && decoder_.jpeg_color_space != JCS_GRAYSCALE)
        throw DecodeError("a JPEG picture with colours other than YCbCr or grey");
    const jpeg_component_info& luma = decoder_.comp_info[0];
    if (luma.h_samp_factor != decoder_.max_h_samp_factor ||
        luma.v_samp_factor != decoder_.max_v_samp_factor) {
        throw DecodeError("a JPEG picture with more of colour than of brightness");
    }
    decoder_.out_color_space = decoder_.jpeg_color_space;
    decoder_.raw_data_out = TRUE;
    decoder_.buffered_image = in_two_parts ? TRUE : FALSE;
    sequence_ = captured.sequence;
    captured_ = captured.captured;
    guarded([this] { jpeg_start_decompress(&decoder_); });
}

Frame JpegDecoder::decode(const Captured& captured) {
    open(captured, false);
    return whole();
}

Frame JpegDecoder::thumbnail(const Captured& captured, int shrink) {
    open(captured, true);
    guarded([this] {
        while (jpeg_consume_input(&decoder_) != JPEG_REACHED_EOI) {
        }
    });
    check_tables();
    const int size = DCTSIZE / shrink;
    Planes small = planes(shrink);
    Plane scratch(small[0].width(), 1);
    guarded([&] {
        jvirt_barray_ptr* const arrays = jpeg_read_coefficients(&decoder_);
        for (int i = 0; i < decoder_.num_components; ++i) {
            const jpeg_component_info& component = decoder_.comp_info[i];
            const JpegThumbnail thumbnail(size, component.quant_table->quantval);
            const Rows rows(small.at(static_cast<std::size_t>(i)), scratch);
            for (JDIMENSION y = 0; y < component.height_in_blocks; ++y) {
                JBLOCKARRAY const blocks = decoder_.mem->access_virt_barray(
                    reinterpret_cast<j_common_ptr>(&decoder_), arrays[i], y, 1, FALSE);
                JpegThumbnail::Rows out{};
                for (int j = 0; j < size; ++j)
                    out.at(static_cast<std::size_t>(j)) = rows[static_cast<int>(y) * size + j];
                thumbnail.write(*blocks, static_cast<int>(component.width_in_blocks), out);
            }
        }
    });
    return frame_of(std::move(small));
}

Frame JpegDecoder::rest() {
    memory_.begin_last_pass();
    guarded([this] { jpeg_start_output(&decoder_, decoder_.input_scan_number); });
    Frame frame = whole();
    memory_.end_last_pass();
    return frame;
}

Frame JpegDecoder::whole() {
    check_tables();
    constexpr std::size_t most_rows = MAX_SAMP_FACTOR * DCTSIZE;
    Planes whole = planes(1);
    Plane scratch(whole[0].width(), 1);
    std::array<std::array<JSAMPROW, most_rows>, most_planes> rows{};
    std::array<JSAMPARRAY, most_planes> pointers{};
    guarded([&] {
        const int tallest = decoder_.max_v_samp_factor;
        while (decoder_.output_scanline < decoder_.output_height) {
            const int done = static_cast<int>(decoder_.output_scanline) / tallest;
            for (int i = 0; i < decoder_.num_components; ++i) {
                const auto n = static_cast<std::size_t>(i);
                const int factor = decoder_.comp_info[i].v_samp_factor;
                const Rows plane(whole.at(n), scratch);
                for (int j = 0; j < factor * DCTSIZE; ++j)
                    rows.at(n).at(static_cast<std::size_t>(j)) = plane[done * factor + j];
                pointers.at(n) = rows.at(n).data();
            }
            jpeg_read_raw_data(&decoder_, pointers.data(),
                               static_cast<JDIMENSION>(tallest * DCTSIZE));
        }
        if (decoder_.buffered_image != FALSE) jpeg_finish_output(&decoder_);
        jpeg_finish_decompress(&decoder_);
    });
    return frame_of(std::move(whole));
}

/// A colour that no scan of the picture had.
void JpegDecoder::check_tables() const {
    for (int i = 0; i < decoder_.num_components; ++i) {
        if (decoder_.comp_info[i].quant_table == nullptr)
            throw DecodeError("broken JPEG picture: a colour is missing");
    }
}

/// For the components in their own sizes, shrunk.
JpegDecoder::Planes JpegDecoder::planes(int shrink) const {
    const auto shrunk = [shrink](JDIMENSION size) {
        return (static_cast<int>(size) + shrink - 1) / shrink;
    };
    Planes planes;
    for (int i = 0; i < decoder_.num_components; ++i) {
        const jpeg_component_info& component = decoder_.comp_info[i];
        planes.at(static_cast<std::size_t>(i)) =
            Plane(shrunk(component.downsampled_width), shrunk(component.downsampled_height));
    }
    return planes;
}

Frame JpegDecoder::frame_of(Planes planes) const {
    Frame frame;
    frame.tags = {Matrix::bt601, Range::full};
    frame.sequence = sequence_;
    frame.captured = captured_;
    frame.y = std::move(planes[0]);
    const int width = chroma_size(frame.width());
    const int height = chroma_size(frame.height());
    if (planes[1].empty()) {
        frame.u = Plane::filled(width, height, 128);
        frame.v = frame.u;
        return frame;
    }
    frame.u = chroma_of(std::move(planes[1]), width, height, frame.height());
    frame.v = chroma_of(std::move(planes[2]), width, height, frame.height());
    return frame;
}

}  // namespace scrim
