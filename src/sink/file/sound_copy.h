#pragma once

#include <memory>
#include <string_view>

#include "frame/video_reader.h"
#include "sink/registry.h"

namespace scrim {

/// The sound of a file as it stands there, packet by packet, timed from the file's first picture
/// on. Sound from before that picture is left out.
class SoundCopy {
  public:
    /// Nothing where the file has no sound, or (with one warning in the log) where `container`
    /// cannot hold it.
    static std::unique_ptr<SoundCopy> open(const SinkRequest& request,
                                           const AVOutputFormat& container);

    SoundCopy(std::unique_ptr<MediaInput> input, const AVStream& stream,
              const AVOutputFormat& container);

    const AVStream& stream() const { return stream_; }
    /// The next packet if it starts before `seconds`; nullptr if not, or at the end. It stays valid
    /// until the next call.
    AVPacket* next(double seconds);

  private:
    bool fetch();
    bool filtered();

    std::unique_ptr<MediaInput> input_;
    const AVStream& stream_;
    std::int64_t start_ = 0;    // of the pictures, in the sound's time base
    AvBitstreamFilter filter_;  // nullptr = the packets fit as they are
    AvPacket packet_;
    bool waiting_ = false;  // packet_ was read, and is not given out yet
};

/// One warning in the log if there is sound that `container` has no place for.
void warn_about_lost_sound(const SinkRequest& request, std::string_view container);

}  // namespace scrim
