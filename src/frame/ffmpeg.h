#pragma once

#include <memory>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include "frame/captured.h"
#include "frame/frame.h"
#include "frame/orientation.h"

namespace scrim {

/// Frees what FFmpeg allocated.
struct AvDelete {
    void operator()(AVFrame* p) const { av_frame_free(&p); }
    void operator()(AVPacket* p) const { av_packet_free(&p); }
    void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
    void operator()(AVBSFContext* p) const { av_bsf_free(&p); }
    void operator()(SwsContext* p) const { sws_freeContext(p); }
};
using AvFrame = std::unique_ptr<AVFrame, AvDelete>;
using AvPacket = std::unique_ptr<AVPacket, AvDelete>;
using AvCodecContext = std::unique_ptr<AVCodecContext, AvDelete>;
using AvBitstreamFilter = std::unique_ptr<AVBSFContext, AvDelete>;
using AvScaler = std::unique_ptr<SwsContext, AvDelete>;

AvFrame make_av_frame();
AvPacket make_av_packet();
AvCodecContext make_av_codec_context(const AVCodec* codec);

/// Options for FFmpeg by name; after a call those are left that were not known.
class AvOptions {
  public:
    AvOptions() = default;
    ~AvOptions() { av_dict_free(&options_); }
    AvOptions(const AvOptions&) = delete;
    AvOptions& operator=(const AvOptions&) = delete;

    void set(const char* name, const std::string& value) {
        av_dict_set(&options_, name, value.c_str(), 0);
    }
    AVDictionary** get() { return &options_; }

  private:
    AVDictionary* options_ = nullptr;
};

/// The words for an error code of FFmpeg ("No space left on device").
std::string av_message(int code);

/// Sends FFmpeg's own messages to spdlog::debug instead of standard error. Every way into FFmpeg
/// calls it; only the first call does anything.
void route_av_log();

/// What the numbers of a decoded picture mean: its own tags where it has some. Where it has none,
/// the customs of the field: full range means JPEG's BT.601; RGB (which becomes YUV by these
/// tags) and grey pictures are full range and BT.601; other video is limited, BT.709 from 720 lines
/// on and BT.601 below.
ColorTags color_tags_of(const AVFrame& frame);

/// Writes tags into an AVFrame or an AVCodecContext, which name the fields alike. Primaries and
/// transfer follow the matrix: Scrim does not know better, and players assume it.
template <typename Target>
void set_color_tags(Target& target, ColorTags tags) {
    const bool hd = tags.matrix == Matrix::bt709;
    target.colorspace = hd ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    target.color_range = tags.range == Range::full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    target.color_primaries = hd ? AVCOL_PRI_BT709 : AVCOL_PRI_SMPTE170M;
    target.color_trc = hd ? AVCOL_TRC_BT709 : AVCOL_TRC_SMPTE170M;
}

/// Whether a pixel format carries R, G, B (palettes included), or only grey.
bool is_rgb(AVPixelFormat format);
bool is_gray(AVPixelFormat format);

/// From a display matrix (nine numbers, as FFmpeg keeps it), to the nearest quarter turn.
Orientation orientation_of_matrix(const std::int32_t* matrix);
/// From the picture itself: its display matrix or its EXIF tag.
Orientation orientation_of(const AVFrame& frame);

/// The plane turned upright.
Plane oriented(const Plane& plane, Orientation orientation);

}  // namespace scrim
