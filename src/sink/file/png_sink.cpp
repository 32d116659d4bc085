#include "sink/file/png_sink.h"

#include <cctype>
#include <cstddef>

#include "frame/picture.h"
#include "sink/file/output_path.h"
#include "sink/file/sound_copy.h"
#include "util/error.h"

namespace scrim {
namespace {

/// What comes before and behind the number in the names of a series, and its least digits.
struct SeriesName {
    std::string before;
    std::string after;
    int digits = 5;

    std::string of(std::uint64_t number) const {
        return fmt::format("{}{:0{}}{}", before, number, digits, after);
    }
};

SeriesName parse_series_name(const std::string& target) {
    const std::size_t percent = target.find('%');
    if (percent == std::string::npos) {
        const std::size_t dot = target.rfind('.');
        return {target.substr(0, dot) + "-", target.substr(dot), 5};
    }
    std::size_t at = percent + 1;
    int digits = 1;
    if (at + 1 < target.size() && target[at] == '0' &&
        std::isdigit(static_cast<unsigned char>(target[at + 1])) != 0) {
        digits = target[at + 1] - '0';
        at += 2;
    }
    const bool valid =
        at < target.size() && target[at] == 'd' && target.find('%', at) == std::string::npos;
    if (!valid) {
        throw Error(
            "cannot write {}: one %d, or one like %05d, may stand for the number of the "
            "picture, and no other %",
            target);
    }
    return {target.substr(0, percent), target.substr(at + 1), digits};
}

class PngSink : public Sink {
  public:
    explicit PngSink(const SinkRequest& request)
        : name_(request.target), series_(parse_series_name(request.target)) {
        check_output_path(series_.of(1), request);
        warn_about_lost_sound(request, "a series of pictures");
    }

    const std::string& name() const override { return name_; }
    void write(const Frame& frame) override {
        if (failed_) return;
        failed_ = true;
        write_png(frame, series_.of(++count_));
        failed_ = false;
    }
    void finish() override {}

  private:
    std::string name_;
    SeriesName series_;
    std::uint64_t count_ = 0;
    bool failed_ = false;
};

}  // namespace

bool accepts_png(const SinkRequest& request) {
    return extension_of(request.target) == ".png";
}

std::unique_ptr<Sink> open_png(const SinkRequest& request) {
    return std::make_unique<PngSink>(request);
}

}  // namespace scrim
