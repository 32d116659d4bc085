#include "pipeline/camera_feeds.h"

#include <condition_variable>
#include <exception>
#include <thread>
#include <utility>

#include "config/config.h"
#include "frame/convert.h"
#include "source/registry.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/thread.h"
#include "v4l2/device.h"

namespace scrim {

/// One camera and its thread.
class CameraFeeds::Feed final : public CameraFeed {
  public:
    /// Throws Error.
    explicit Feed(const std::string& device) : source_(open_it(device)), device_(device) {
        thread_ = std::thread([this] { run(); });
    }

    ~Feed() override {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
            if (source_) source_->interrupt();
        }
        changed_.notify_all();
        thread_.join();
    }
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    Frame newest() override {
        const std::lock_guard lock(mutex_);
        return newest_;
    }

    void wait_for_picture(Duration most) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, most, [this] { return !newest_.empty() || lost_; });
    }

  private:
    static std::unique_ptr<Source> open_it(const std::string& device) {
        SourceRequest request;
        request.device = device;
        return open_source(request);
    }

    void run() {
        name_thread("webcam");
        while (!stopped()) {
            lose(read_pictures());
            while (!wait_a_second() && !reopen()) {
            }
        }
    }

    bool stopped() {
        const std::lock_guard lock(mutex_);
        return stop_;
    }

    /// Returns when no more pictures come, with the reason.
    std::string read_pictures() {
        Decoder decoder;
        try {
            while (auto captured = source_->next()) {
                take(decoder, *captured);
            }
        } catch (const std::exception& error) {
            return error.what();
        }
        return fmt::format("{} has ended", device_);
    }

    void take(Decoder& decoder, const Captured& captured) {
        Frame frame;
        try {
            frame = decoder.decode(captured);
        } catch (const DecodeError& error) {
            static RateLimit limit(std::chrono::seconds(5));
            if (limit.pass()) spdlog::warn("dropped a picture of {}: {}", device_, error.what());
            return;
        }
        const std::lock_guard lock(mutex_);
        newest_ = std::move(frame);
        changed_.notify_all();
    }

    void lose(const std::string& reason) {
        std::unique_ptr<Source> gone;  // closed after the lock is released
        {
            const std::lock_guard lock(mutex_);
            if (stop_) return;
            gone = std::move(source_);
            newest_ = Frame();
            lost_ = true;
        }
        changed_.notify_all();
        spdlog::warn("{}; trying again every second", reason);
    }

    /// true = stopped.
    bool wait_a_second() {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(1), [this] { return stop_; });
    }

    bool reopen() {
        try {
            auto source = open_it(device_);
            const std::lock_guard lock(mutex_);
            if (stop_) source->interrupt();
            source_ = std::move(source);
            lost_ = false;
        } catch (const std::exception&) {  // said already
            return false;
        }
        spdlog::info("{} is back", device_);
        return true;
    }

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::unique_ptr<Source> source_;  // empty while it is lost; next() is the thread's alone
    Frame newest_;
    bool lost_ = false;
    bool stop_ = false;

    const std::string device_;
    std::thread thread_;
};

CameraFeeds::CameraFeeds(bool live) : live_(live) {}
CameraFeeds::~CameraFeeds() = default;

std::shared_ptr<CameraFeed> CameraFeeds::open(const std::string& device,
                                              const std::filesystem::path& folder) {
    const std::string name = v4l2::device_path(resolve_device(device, folder));
    const std::lock_guard lock(mutex_);  // held while it opens: nobody opens it a second time
    std::weak_ptr<Feed>& known = feeds_[name];
    std::shared_ptr<Feed> feed = known.lock();
    if (feed == nullptr) {
        feed = std::make_shared<Feed>(name);
        known = feed;
    }
    constexpr Duration patience = std::chrono::seconds(5);
    if (!live_) feed->wait_for_picture(patience);
    return feed;
}

OpenCamera CameraFeeds::opener(const std::filesystem::path& folder) {
    return [this, folder](const std::string& device) { return open(device, folder); };
}

}  // namespace scrim
