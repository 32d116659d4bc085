#include "sink/file/y4m_sink.h"

#include <cerrno>
#include <cstdint>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frame/convert.h"
#include "sink/file/output_path.h"
#include "sink/file/sound_copy.h"
#include "util/error.h"
#include "util/fd.h"

namespace scrim {
namespace {

constexpr std::string_view standard_output = "-";
constexpr std::string_view frame_header = "FRAME\n";

/// "420jpeg" says that a chroma sample lies in the middle of its four pixels: that is how Scrim's
/// conversions make them (the mean of four) and how it scales them. The format has no word for the
/// matrix, and one of custom only for the range.
std::string stream_header(const SinkRequest& request) {
    FrameRate rate = frame_rate_of(request.fps);
    if (rate.numerator == 0) rate = {30, 1};  // the format has no word for "not known"
    return fmt::format("YUV4MPEG2 W{} H{} F{}:{} Ip A1:1 C420jpeg XCOLORRANGE={}\n", request.width,
                       request.height, rate.numerator, rate.denominator,
                       request.tags.range == Range::full ? "FULL" : "LIMITED");
}

class Y4mSink : public Sink {
  public:
    explicit Y4mSink(const SinkRequest& request);

    const std::string& name() const override { return name_; }
    void write(const Frame& frame) override;
    void finish() override;

  private:
    void put(const std::uint8_t* data, std::size_t size);
    [[noreturn]] void fail(int reason);

    std::string name_;
    Fd file_;      // not of standard output, which is not ours to close
    int fd_ = -1;  // -1 = closed
    std::vector<std::uint8_t> buffer_;
    off_t complete_ = 0;  // bytes up to the end of the last whole picture
};

Y4mSink::Y4mSink(const SinkRequest& request) : name_(request.target) {
    if (request.target == standard_output) {
        name_ = "standard output";
        fd_ = STDOUT_FILENO;
        if (::isatty(fd_) != 0) {
            throw Error(
                "standard output is a terminal; send the pictures into a file or a program, "
                "as in: scrim ... - | ffplay -");
        }
    } else {
        check_output_path(request.target, request);
        file_ = Fd(::open(request.target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
        fd_ = file_.get();
        if (!file_) fail(errno);
    }
    warn_about_lost_sound(request, "y4m");
    const std::string header = stream_header(request);
    buffer_.assign(header.begin(), header.end());
    put(buffer_.data(), buffer_.size());
}

void Y4mSink::write(const Frame& frame) {
    if (fd_ < 0) return;
    const int width = frame.width();
    const int chroma_width = chroma_size(width);
    const auto luma_bytes =
        static_cast<std::size_t>(width) * static_cast<std::size_t>(frame.height());
    const auto chroma_bytes = static_cast<std::size_t>(chroma_width) *
                              static_cast<std::size_t>(chroma_size(frame.height()));
    buffer_.resize(frame_header.size() + luma_bytes + 2 * chroma_bytes);
    frame_header.copy(reinterpret_cast<char*>(buffer_.data()), frame_header.size());
    std::uint8_t* const y = buffer_.data() + frame_header.size();
    std::uint8_t* const u = y + luma_bytes;
    to_yu12(frame, y, width, u, chroma_width, u + chroma_bytes, chroma_width);
    put(buffer_.data(), buffer_.size());
}

void Y4mSink::put(const std::uint8_t* data, std::size_t size) {
    const auto whole = static_cast<off_t>(size);
    while (size > 0) {
        const ssize_t written = ::write(fd_, data, size);
        if (written < 0 && errno != EINTR) fail(errno);
        if (written <= 0) continue;
        data += written;
        size -= static_cast<std::size_t>(written);
    }
    complete_ += whole;
}

void Y4mSink::fail(int reason) {
    const bool file = static_cast<bool>(file_);
    if (file) {
        // Half a picture at the end would be read as a damaged file.
        [[maybe_unused]] const int result = ::ftruncate(fd_, complete_);
    }
    fd_ = -1;
    if (reason == EPIPE && !file) throw Error("nobody reads standard output any more");
    throw Error("cannot write {}: {}", name_, system_message(reason));
}

void Y4mSink::finish() {
    if (fd_ < 0) return;
    fd_ = -1;
    file_ = Fd();
}

}  // namespace

bool accepts_y4m(const SinkRequest& request) {
    return request.target == standard_output || extension_of(request.target) == ".y4m";
}

std::unique_ptr<Sink> open_y4m(const SinkRequest& request) {
    return std::make_unique<Y4mSink>(request);
}

}  // namespace scrim
