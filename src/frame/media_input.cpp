#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

extern "C" {
#include <libavutil/avstring.h>
}

#include "frame/video_reader.h"
#include "util/error.h"
#include "util/fd.h"

namespace scrim {
namespace {

/// Formats of FFmpeg that are no video of their own: a text file with the right ending is "ANSI
/// art", and a list names other files.
constexpr std::array<std::string_view, 2> no_videos{"tty", "concat"};

/// What a URL may use. Files are not among it: a playlist from the network must not read them.
constexpr const char* network_protocols =
    "http,https,httpproxy,tcp,tls,udp,rtp,rtsp,rtsps,rtmp,rtmps,srt,crypto,data";

std::string scheme_of(const std::string& place) {
    const auto end = place.find("://");
    if (end == std::string::npos || end < 2) return {};
    const std::string scheme = place.substr(0, end);
    const bool valid = std::all_of(scheme.begin(), scheme.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.';
    });
    return valid ? scheme : std::string();
}

/// "rtsp://user:secret@camera/1" as "rtsp://camera/1".
std::string without_password(const std::string& url) {
    const auto start = url.find("://") + 3;
    const auto slash = url.find('/', start);
    const auto at = url.rfind('@', slash);
    if (at == std::string::npos || at < start) return url;
    return url.substr(0, start) + url.substr(at + 1);
}

std::string reason_of(int code, bool network) {
    if (code == AVERROR_INVALIDDATA) return "it is not a video or picture that FFmpeg knows";
    if (!network) return av_message(code);
    if (code == AVERROR(ECONNREFUSED)) {
        return av_message(code) + "; is the camera or server running, and the port right?";
    }
    if (code == AVERROR(EIO)) return av_message(code) + "; is the name of the host right?";
    return av_message(code);
}

}  // namespace

bool is_url(const std::string& place) {
    const std::string scheme = scheme_of(place);
    return !scheme.empty() && scheme != "file";
}

void check_media_file(const std::filesystem::path& path) {
    const auto refuse = [&](std::string_view reason) {
        throw Error("cannot open {}: {}", path.string(), reason);
    };
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found) refuse("there is no such file");
    if (error) refuse(error.message());
    if (status.type() == std::filesystem::file_type::directory) refuse("it is a folder");
    if (status.type() != std::filesystem::file_type::regular) refuse("it is not a regular file");
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) refuse(system_message(errno));
    if (std::filesystem::file_size(path, error) == 0) refuse("the file is empty");
}

MediaInput::MediaInput(const std::string& place, const std::atomic<bool>* stop)
    : patience_(std::make_unique<Patience>()) {
    route_av_log();
    patience_->stop = stop;
    network_ = is_url(place);
    try {
        if (network_) {
            open_url(place);
        } else {
            constexpr std::string_view file_scheme = "file://";
            open_file(place.starts_with(file_scheme) ? place.substr(file_scheme.size()) : place);
        }
    } catch (...) {
        close();
        throw;
    }
}

MediaInput::~MediaInput() {
    close();
}

void MediaInput::close() noexcept {
    avformat_close_input(&format_);
    avio_closep(&file_);
}

int MediaInput::must_give_up(void* patience) noexcept {
    const auto* const p = static_cast<const Patience*>(patience);
    return p->stopped() || Clock::now() > p->deadline ? 1 : 0;
}

void MediaInput::fail(int code) {
    if (code == AVERROR_EXIT && !patience_->stopped()) {
        throw Error("cannot open {}: no answer within {} seconds", name_,
                    std::chrono::duration_cast<std::chrono::seconds>(patience).count());
    }
    throw Error("cannot open {}: {}", name_, reason_of(code, network_));
}

/// What kind of file it is, by its contents, and by its name where those are not clear.
const AVInputFormat* MediaInput::probe(const std::string& path) {
    const AVInputFormat* format = nullptr;
    const int code = av_probe_input_buffer2(file_, &format, path.c_str(), nullptr, 0, 0);
    if (code < 0) fail(code);
    // "image2" goes by the name alone, and reads a number in it as a series of files.
    if (format->name == std::string_view("image2")) {
        format = nullptr;  // or nothing is looked for
        if (av_probe_input_buffer2(file_, &format, "", nullptr, 0, 0) < 0) {
            throw Error("cannot open {}: it is not a picture, or it is damaged or cut short",
                        name_);
        }
    }
    if (std::find(no_videos.begin(), no_videos.end(), format->name) != no_videos.end()) {
        fail(AVERROR_INVALIDDATA);
    }
    // JPEG pictures in a row, as cameras send them, look like a single one at their beginning.
    const bool jpeg = format->name == std::string_view("jpeg_pipe");
    if (jpeg && av_match_ext(path.c_str(), "mjpeg,mjpg") != 0) {
        return av_find_input_format("mjpeg");
    }
    return format;
}

void MediaInput::open_file(const std::string& path) {
    name_ = path;
    check_media_file(path);
    const int opened =
        avio_open2(&file_, ("file:" + path).c_str(), AVIO_FLAG_READ, nullptr, nullptr);
    if (opened < 0) fail(opened);
    const AVInputFormat* const input_format = probe(path);
    AvOptions options;
    options.set("protocol_whitelist", "none");
    options.set("default_fps", "10");  // of APNG: browsers take 100 ms where it says 0
    open_format(path.c_str(), input_format, options);
}

void MediaInput::open_url(const std::string& url) {
    name_ = without_password(url);
    const std::string scheme = scheme_of(url);
    if (av_match_list(scheme.c_str(), network_protocols, ',') <= 0) {
        throw Error(
            "cannot open {}: {}:// is not a scheme that Scrim opens; use http, https, rtsp, "
            "rtmp, srt, udp or a plain file name",
            name_, scheme);
    }
    AvOptions options;
    options.set("protocol_whitelist", network_protocols);
    open_format(url.c_str(), nullptr, options);
}

void MediaInput::open_format(const char* url, const AVInputFormat* input_format,
                             AvOptions& options) {
    format_ = avformat_alloc_context();
    if (format_ == nullptr) throw std::bad_alloc();
    format_->interrupt_callback = {must_give_up, patience_.get()};
    if (file_ != nullptr) {
        format_->pb = file_;
        // Every file that a demuxer wants besides its own comes through here.
        format_->io_open = [](AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
            return AVERROR(EPERM);
        };
    }
    if (network_) patience_->deadline = Clock::now() + patience;
    int code = avformat_open_input(&format_, url, input_format, options.get());
    if (code < 0) fail(code);
    // A still picture says everything in itself, and decoding it twice takes time.
    if (still()) return;
    code = avformat_find_stream_info(format_, nullptr);
    if (code < 0) fail(code);
}

bool MediaInput::format_is(std::string_view name) const {
    return av_match_list(std::string(name).c_str(), format_->iformat->name, ',') > 0;
}

bool MediaInput::still() const {
    const std::string_view format = format_->iformat->name;
    if (format.ends_with("_pipe") || format == "ico") return true;
    // AVIF and its like are written in the file format of MP4.
    const auto* const brand = av_dict_get(format_->metadata, "major_brand", nullptr, 0);
    return brand != nullptr && std::string_view(brand->value) == "avif";
}

bool MediaInput::read(AVPacket& packet) {
    constexpr int most_errors =
        100;  // in a row: damaged places are passed over, dead files are not
    for (int errors = 0;; ++errors) {
        if (network_) patience_->deadline = Clock::now() + patience;
        const int code = av_read_frame(format_, &packet);
        if (code >= 0) return true;
        if (code == AVERROR_EOF || patience_->stopped()) return false;
        if (code == AVERROR(EAGAIN)) continue;
        if (code == AVERROR_EXIT) {
            throw Error("{}: no picture came for {} seconds", name_,
                        std::chrono::duration_cast<std::chrono::seconds>(patience).count());
        }
        if (code != AVERROR_INVALIDDATA || errors == most_errors) {
            throw Error("cannot read on in {}: {}", name_, av_message(code));
        }
    }
}

}  // namespace scrim
