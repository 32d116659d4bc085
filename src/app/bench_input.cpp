#include "app/bench_input.h"

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

#include <opencv2/imgproc.hpp>
#include <turbojpeg.h>

#include "frame/convert.h"
#include "frame/mat.h"
#include "source/registry.h"

namespace scrim {
namespace {

constexpr std::size_t most_pictures = 2;  // so that what is measured is not their memory
constexpr ColorTags camera_tags{Matrix::bt601, Range::limited};

using Bytes = std::vector<std::uint8_t>;

/// A sensor's noise: without it a drawn picture would be a far smaller JPEG than a camera's.
void add_grain(Frame& frame, unsigned seed) {
    constexpr int strength = 3;
    std::minstd_rand random(seed);
    std::uniform_int_distribution<int> grain(-strength, strength);
    std::uint8_t* const pixels = frame.y.writable();
    for (int y = 0; y < frame.height(); ++y) {
        std::uint8_t* const row = pixels + std::ptrdiff_t{y} * frame.y.stride();
        for (int x = 0; x < frame.width(); ++x)
            row[x] = static_cast<std::uint8_t>(std::clamp(row[x] + grain(random), 16, 235));
    }
}

/// The frame scaled to fill the size, its shape kept: what does not fit is cut off.
Frame filling(const Frame& frame, BenchSize size) {
    if (frame.width() == size.width && frame.height() == size.height) return frame;
    const double scale = std::max(static_cast<double>(size.width) / frame.width(),
                                  static_cast<double>(size.height) / frame.height());
    const auto side = [scale](int wanted, int most) {
        return std::clamp(static_cast<int>(wanted / scale), 1, most);
    };
    const int width = side(size.width, frame.width());
    const int height = side(size.height, frame.height());
    const cv::Rect part((frame.width() - width) / 4 * 2, (frame.height() - height) / 4 * 2, width,
                        height);
    const cv::Rect chroma(part.x / 2, part.y / 2, chroma_size(width), chroma_size(height));
    Frame out(size.width, size.height, frame.tags);
    const auto fill = [](const Plane& in, const cv::Rect& from, Plane& to) {
        cv::Mat target = mat_of(to);
        cv::resize(mat_of(in)(from), target, target.size(), 0, 0, cv::INTER_LINEAR);
    };
    fill(frame.y, part, out.y);
    fill(frame.u, chroma, out.u);
    fill(frame.v, chroma, out.v);
    return out;
}

/// As most webcams compress: 4:2:2. With the grain a picture is a sixteenth of its raw size, which
/// is rather more than photographs of people are.
Bytes jpeg_of(const Frame& frame) {
    constexpr int quality = 88;
    const Frame full = with_tags(frame, {Matrix::bt601, Range::full});
    const auto doubled = [&full](const Plane& in) {
        Plane out(in.width(), full.height());
        std::uint8_t* const pixels = out.overwritable();
        for (int y = 0; y < out.height(); ++y)
            std::copy_n(in.row(y / 2), in.width(), pixels + std::ptrdiff_t{y} * out.stride());
        return out;
    };
    const Plane u = doubled(full.u);
    const Plane v = doubled(full.v);
    const std::unique_ptr<void, int (*)(tjhandle)> handle(tjInitCompress(), tjDestroy);
    std::array<const std::uint8_t*, 3> planes{full.y.data(), u.data(), v.data()};
    std::array<int, 3> strides{full.y.stride(), u.stride(), v.stride()};
    unsigned char* jpeg = nullptr;
    unsigned long size = 0;
    if (handle == nullptr ||
        tjCompressFromYUVPlanes(handle.get(), planes.data(), full.width(), strides.data(),
                                full.height(), TJSAMP_422, &jpeg, &size, quality, 0) != 0) {
        throw Error("cannot make a JPEG picture: {}", tjGetErrorStr());
    }
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(jpeg, tjFree);
    return {jpeg, jpeg + size};
}

Captured captured_as(const Frame& frame, PixelFormat format) {
    const int w = frame.width();
    const int h = frame.height();
    const auto bytes = std::make_shared<Bytes>(packed_size(format, w, h));
    Captured out;
    out.format = format;
    out.width = w;
    out.height = h;
    out.tags = frame.tags;
    const auto luma = static_cast<std::size_t>(w) * static_cast<std::size_t>(h);
    const int cw = chroma_size(w);
    if (format == PixelFormat::mjpeg) {
        *bytes = jpeg_of(frame);
        out.data = {bytes->data()};
    } else if (format == PixelFormat::yuyv) {
        out.stride = {4 * cw};
        out.data = {bytes->data()};
        to_yuyv(frame, bytes->data(), out.stride[0]);
    } else if (format == PixelFormat::nv12) {
        out.stride = {w, 2 * cw};
        out.data = {bytes->data(), bytes->data() + luma};
        to_nv12(frame, bytes->data(), w, bytes->data() + luma, 2 * cw);
    } else {
        std::uint8_t* const u = bytes->data() + luma;
        std::uint8_t* const v = u + static_cast<std::ptrdiff_t>(cw) * chroma_size(h);
        out.stride = {w, cw, cw};
        out.data = {bytes->data(), u, v};
        to_yu12(frame, bytes->data(), w, u, cw, v, cw);
    }
    out.size = bytes->size();
    out.owner = bytes;
    return out;
}

}  // namespace

std::size_t BenchInput::bytes() const {
    std::size_t sum = 0;
    for (const Captured& picture : pictures)
        sum += picture.size;
    return sum / pictures.size();
}

BenchInput bench_input(const std::string& file, std::optional<BenchSize> size, PixelFormat format) {
    SourceRequest request;
    request.device = file.empty() ? "pattern" : file;
    request.live = false;
    if (size) {
        request.width = size->width;
        request.height = size->height;
    }
    const auto source = open_source(request);
    BenchInput input{.name = file.empty() ? "the test pattern" : file, .format = format};
    Decoder decoder;
    while (input.pictures.size() < most_pictures) {
        const auto picture = source->next();
        if (!picture) break;
        Frame frame = with_tags(decoder.decode(*picture), camera_tags);
        frame = filling(frame, size.value_or(BenchSize{frame.width(), frame.height()}));
        if (file.empty()) add_grain(frame, static_cast<unsigned>(input.pictures.size() + 1));
        input.pictures.push_back(captured_as(frame, format));
    }
    if (input.pictures.empty()) throw Error("{}: no picture in it", file);
    input.width = input.pictures.front().width;
    input.height = input.pictures.front().height;
    return input;
}

}  // namespace scrim
