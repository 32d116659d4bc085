#include "sink/file/sound_copy.h"

#include <span>
#include <utility>

#include <spdlog/spdlog.h>

#include "util/error.h"

namespace scrim {
namespace {

struct Sound {
    std::unique_ptr<MediaInput> input;
    AVStream* stream = nullptr;  // nullptr = none
};

Sound find_sound(const SinkRequest& request) {
    const std::string file = request.sound_from.string();
    if (file.empty() || is_url(file)) return {};
    Sound sound;
    try {
        sound.input = std::make_unique<MediaInput>(file, nullptr);
    } catch (const Error& error) {
        spdlog::warn("no sound is copied: {}", error.what());
        return {};
    }
    const int index =
        av_find_best_stream(sound.input->get(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    if (index < 0) return {};
    for (AVStream* const stream :
         std::span(sound.input->get()->streams, sound.input->get()->nb_streams)) {
        if (stream->index == index) {
            sound.stream = stream;
        } else {
            stream->discard = AVDISCARD_ALL;
        }
    }
    return sound;
}

void warn(const SinkRequest& request, const AVStream& sound, std::string_view container) {
    spdlog::warn("the sound of {} ({}) is not copied: {} cannot hold it",
                 request.sound_from.string(), avcodec_get_name(sound.codecpar->codec_id),
                 container);
}

/// In MPEG streams every packet of AAC says how to decode it; MP4 says it once, in front. FFmpeg
/// does not change that by itself in a file that is written in fragments. Packets that have no such
/// heads pass the filter unchanged.
AvBitstreamFilter make_filter(const AVStream& stream, const AVOutputFormat& container) {
    const std::string_view name = container.name;
    if (stream.codecpar->codec_id != AV_CODEC_ID_AAC || (name != "mp4" && name != "mov")) {
        return nullptr;
    }
    const AVBitStreamFilter* const kind = av_bsf_get_by_name("aac_adtstoasc");
    AVBSFContext* context = nullptr;
    if (kind == nullptr || av_bsf_alloc(kind, &context) < 0) return nullptr;
    AvBitstreamFilter filter(context);
    filter->time_base_in = stream.time_base;
    const bool ready = avcodec_parameters_copy(filter->par_in, stream.codecpar) >= 0 &&
                       av_bsf_init(filter.get()) >= 0;
    return ready ? std::move(filter) : nullptr;
}

}  // namespace

std::unique_ptr<SoundCopy> SoundCopy::open(const SinkRequest& request,
                                           const AVOutputFormat& container) {
    Sound sound = find_sound(request);
    if (sound.stream == nullptr) return nullptr;
    if (avformat_query_codec(&container, sound.stream->codecpar->codec_id, FF_COMPLIANCE_NORMAL) !=
        1) {
        warn(request, *sound.stream, container.name);
        return nullptr;
    }
    return std::make_unique<SoundCopy>(std::move(sound.input), *sound.stream, container);
}

SoundCopy::SoundCopy(std::unique_ptr<MediaInput> input, const AVStream& stream,
                     const AVOutputFormat& container)
    : input_(std::move(input)),
      stream_(stream),
      filter_(make_filter(stream, container)),
      packet_(make_av_packet()) {
    const int video = av_find_best_stream(input_->get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (video < 0) return;
    const AVStream& pictures = *input_->get()->streams[video];
    if (pictures.start_time == AV_NOPTS_VALUE) return;
    start_ = av_rescale_q(pictures.start_time, pictures.time_base, stream_.time_base);
}

bool SoundCopy::fetch() {
    for (;;) {
        av_packet_unref(packet_.get());
        if (!input_->read(*packet_)) return false;
        if (packet_->stream_index != stream_.index || packet_->pts == AV_NOPTS_VALUE) continue;
        packet_->pts -= start_;
        packet_->dts = packet_->dts == AV_NOPTS_VALUE ? packet_->pts : packet_->dts - start_;
        if (packet_->pts >= 0 && packet_->dts >= 0 && filtered()) return true;
    }
}

/// false = the packet was damaged, and is gone.
bool SoundCopy::filtered() {
    if (!filter_) return true;
    return av_bsf_send_packet(filter_.get(), packet_.get()) >= 0 &&
           av_bsf_receive_packet(filter_.get(), packet_.get()) >= 0;
}

AVPacket* SoundCopy::next(double seconds) {
    if (!waiting_) waiting_ = fetch();
    const bool due =
        waiting_ && static_cast<double>(packet_->pts) * av_q2d(stream_.time_base) < seconds;
    if (!due) return nullptr;
    waiting_ = false;
    return packet_.get();
}

void warn_about_lost_sound(const SinkRequest& request, std::string_view container) {
    const Sound sound = find_sound(request);
    if (sound.stream != nullptr) warn(request, *sound.stream, container);
}

}  // namespace scrim
