// vm_viewer: looks at a virtual camera as an application does, without any code of Scrim's, and
// says what it saw, in lines `key=value` and a line for each change: "at=1.25 live", "at=3.5
// cover".
//
// A picture is the cover where its corner has the grey of Scrim's own card. With --person-left,
// pictures of a person in the left half before plain blue are expected: what is not blue on the
// right is the room.
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int card_luma = 52;
constexpr int blue_luma = 41;

double since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

[[noreturn]] void give_up(const char* what) {
    std::printf("error=%s: %s\n", what, std::strerror(errno));
    std::exit(1);
}

bool near(int a, int b, int tolerance) {
    return std::abs(a - b) <= tolerance;
}

class Viewer {
  public:
    explicit Viewer(const char* device) : fd_(::open(device, O_RDWR | O_NONBLOCK)) {
        if (fd_ < 0) give_up("open");
        v4l2_format format{};
        format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        if (::ioctl(fd_, VIDIOC_G_FMT, &format) < 0) give_up("G_FMT");
        width_ = static_cast<int>(format.fmt.pix.width);
        height_ = static_cast<int>(format.fmt.pix.height);
        yuyv_ = format.fmt.pix.pixelformat == V4L2_PIX_FMT_YUYV;
        v4l2_requestbuffers request{};
        request.count = 4;
        request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        request.memory = V4L2_MEMORY_MMAP;
        if (::ioctl(fd_, VIDIOC_REQBUFS, &request) < 0) give_up("REQBUFS");
        for (std::uint32_t i = 0; i < request.count; ++i) {
            v4l2_buffer buffer = buffer_of(i);
            if (::ioctl(fd_, VIDIOC_QUERYBUF, &buffer) < 0) give_up("QUERYBUF");
            void* memory =
                ::mmap(nullptr, buffer.length, PROT_READ, MAP_SHARED, fd_, buffer.m.offset);
            if (memory == MAP_FAILED) give_up("mmap");
            buffers_.push_back(static_cast<const std::uint8_t*>(memory));
            if (::ioctl(fd_, VIDIOC_QBUF, &buffer) < 0) give_up("QBUF");
        }
        int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        if (::ioctl(fd_, VIDIOC_STREAMON, &type) < 0) give_up("STREAMON");
        std::printf("size=%dx%d\n", width_, height_);
        std::fflush(stdout);
    }

    /// The next picture is looked at while the driver waits for it. False: none came in time.
    bool look(int patience_ms, bool person_left) {
        pollfd file{fd_, POLLIN, 0};
        if (::poll(&file, 1, patience_ms) <= 0) return false;
        v4l2_buffer buffer = buffer_of(0);
        if (::ioctl(fd_, VIDIOC_DQBUF, &buffer) < 0) {
            if (errno == EAGAIN) return false;
            give_up("DQBUF");
        }
        const double now = since(start_);
        if (frames_ > 0 && now - last_ > longest_gap_) longest_gap_ = now - last_;
        last_ = now;
        if (frames_ == 0) std::printf("first_ms=%.0f\n", 1000 * now);
        ++frames_;
        const double stamp = static_cast<double>(buffer.timestamp.tv_sec) +
                             static_cast<double>(buffer.timestamp.tv_usec) / 1e6;
        if (stamp < stamp_) ++backwards_;
        stamp_ = stamp;
        classify(buffers_[buffer.index], now, person_left);
        if (::ioctl(fd_, VIDIOC_QBUF, &buffer) < 0) give_up("QBUF again");
        return true;
    }

    void print() const {
        std::printf("frames=%d\nlive=%d\ncovers=%d\nbackwards=%d\nlongest_gap_ms=%.0f\nroom=%d\n",
                    frames_, live_, covers_, backwards_, 1000 * longest_gap_, room_);
    }

    double seconds() const { return since(start_); }

  private:
    static v4l2_buffer buffer_of(std::uint32_t index) {
        v4l2_buffer buffer{};
        buffer.index = index;
        buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        buffer.memory = V4L2_MEMORY_MMAP;
        return buffer;
    }

    int luma(const std::uint8_t* picture, int x, int y) const {
        const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                        static_cast<std::size_t>(x);
        return picture[yuyv_ ? 2 * at : at];
    }

    void classify(const std::uint8_t* picture, double now, bool person_left) {
        bool cover = true;
        for (int i = 0; i < 16; ++i)
            cover = cover && near(luma(picture, i, i), card_luma, 3);
        ++(cover ? covers_ : live_);
        if (frames_ == 1 || cover != was_cover_) {
            std::printf("at=%.2f %s\n", now, cover ? "cover" : "live");
            std::fflush(stdout);
        }
        was_cover_ = cover;
        if (cover || !person_left) return;
        for (int y = 0; y < height_; y += 2) {
            for (int x = width_ / 2 + 32; x < width_; x += 2) {
                if (near(luma(picture, x, y), blue_luma, 4)) continue;
                ++room_;
                return;
            }
        }
    }

    int fd_;
    int width_ = 0;
    int height_ = 0;
    bool yuyv_ = true;
    std::vector<const std::uint8_t*> buffers_;
    Clock::time_point start_ = Clock::now();
    double last_ = 0;
    double longest_gap_ = 0;
    double stamp_ = 0;
    bool was_cover_ = false;
    int frames_ = 0, live_ = 0, covers_ = 0, backwards_ = 0, room_ = 0;
};

}  // namespace

// vm_viewer DEVICE SECONDS [--person-left]
int main(int argc, char** argv) {
    if (argc < 3) return 2;
    bool person_left = false;
    for (int i = 3; i < argc; ++i)
        person_left = person_left || std::strcmp(argv[i], "--person-left") == 0;
    Viewer viewer(argv[1]);
    const double end = std::atof(argv[2]);
    while (viewer.seconds() < end)
        viewer.look(200, person_left);
    viewer.print();
    return 0;
}
