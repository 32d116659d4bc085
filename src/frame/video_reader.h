#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "frame/ffmpeg.h"
#include "util/clock.h"

namespace scrim {

/// The largest side of a picture or a video that Scrim takes.
constexpr int max_side = 16384;

/// Whether it is written as a URL ("rtsp://..."), file:// not counted.
bool is_url(const std::string& place);

/// Throws Error unless `path` is a regular file with something in it that may be read.
void check_media_file(const std::filesystem::path& path);

/// A media file or URL, opened by FFmpeg.
///
/// A file may come from anybody: it is opened as what its first bytes say it is, its name is taken
/// literally ("a%03d.png" is one file), and nothing that stands in it (playlists, references) makes
/// FFmpeg open another file or the network. A URL may lead to other URLs but not to files.
class MediaInput {
  public:
    /// Throws Error. `stop`, if given, must live as long as the input; once it is true, whatever
    /// blocks here ends soon. Waiting for the network is given up after `patience`.
    MediaInput(const std::string& place, const std::atomic<bool>* stop);
    ~MediaInput();
    MediaInput(const MediaInput&) = delete;
    MediaInput& operator=(const MediaInput&) = delete;

    static constexpr Duration patience = std::chrono::seconds(10);

    AVFormatContext* get() const { return format_; }
    const std::string& name() const { return name_; }  // for messages, without passwords
    bool network() const { return network_; }
    /// A picture's format: one still picture, or possibly a moving one (GIF, APNG).
    bool picture() const { return still() || format_is("gif") || format_is("apng"); }
    bool still() const;
    bool format_is(std::string_view name) const;

    /// The next packet. false = the end, or stopped. Throws Error when reading fails for good.
    bool read(AVPacket& packet);

  private:
    struct Patience {
        const std::atomic<bool>* stop = nullptr;
        Time deadline = Time::max();
        bool stopped() const { return stop != nullptr && stop->load(); }
    };
    static int must_give_up(void* patience) noexcept;
    void open_file(const std::string& path);
    const AVInputFormat* probe(const std::string& path);
    void open_url(const std::string& url);
    void open_format(const char* url, const AVInputFormat* input_format, AvOptions& options);
    void close() noexcept;
    [[noreturn]] void fail(int code);

    std::unique_ptr<Patience> patience_;
    AVFormatContext* format_ = nullptr;
    AVIOContext* file_ = nullptr;
    std::string name_;
    bool network_ = false;
};

/// Decodes the pictures of a file or URL, in the order in which they are shown, none lost at the
/// end. Pictures that the decoder calls damaged are skipped and counted.
class VideoReader {
  public:
    struct Options {
        int threads = 1;
        bool only_pictures = false;  // refuse videos
        bool alpha = false;          // take a decoder that gives alpha, where there is one
        const std::atomic<bool>* stop = nullptr;
    };

    /// Throws Error if there is no video in it.
    VideoReader(const std::string& place, const Options& options);

    /// The next picture; nothing = the end, or stopped.
    AvFrame read();

    const MediaInput& input() const { return input_; }
    const AVStream& stream() const { return *stream_; }
    std::uint64_t dropped() const { return dropped_; }
    /// How its pictures have to be turned.
    Orientation orientation(const AVFrame& frame) const;
    /// Pictures a second as the file says; 0/1 = it does not say.
    AVRational rate() const;
    /// How many pictures it should have; 0 = not known.
    std::int64_t estimated_frames() const;

  private:
    void check_picture_file(const std::string& path) const;
    void open_decoder(int threads);
    bool feed();

    MediaInput input_;
    AVStream* stream_ = nullptr;
    AvCodecContext decoder_;
    AvPacket packet_;
    std::uint64_t dropped_ = 0;
    const std::atomic<bool>* stop_;
};

}  // namespace scrim
