#include "app/download.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <thread>

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fd.h"
#include "version.h"

namespace scrim {
namespace {

using Reason = DownloadError::Reason;

struct DeleteCurl {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using CurlHandle = std::unique_ptr<CURL, DeleteCurl>;

CurlHandle make_curl() {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    CurlHandle curl(ready == CURLE_OK ? curl_easy_init() : nullptr);
    if (!curl) throw Error("libcurl cannot be used");
    return curl;
}

std::string escaped(const std::string& text) {
    const CurlHandle curl = make_curl();
    const std::unique_ptr<char, void (*)(void*)> result(
        curl_easy_escape(curl.get(), text.c_str(), static_cast<int>(text.size())), curl_free);
    if (!result) throw Error("'{}' cannot be a part of an address", text);
    return result.get();
}

/// One attempt.
class Transfer {
  public:
    explicit Transfer(const DownloadRequest& request)
        : request_(request),
          part_(::open(request.part.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)),
          curl_(make_curl()) {
        struct stat status {};
        if (!part_ || ::fstat(part_.get(), &status) != 0) fail_to_write(errno);
        begin_ = status.st_size;
        set_up();
    }

    CURLcode run() {
        const CURLcode code = curl_easy_perform(curl_.get());
        if (write_error_ != 0) fail_to_write(write_error_);
        if (stopped_) throw DownloadError(Reason::stopped, "interrupted");
        if (too_long_) {
            start_over();
            throw DownloadError(Reason::refused,
                                fmt::format("{} is longer than it should be", request_.url));
        }
        return code;
    }

    bool resumed() const { return begin_ > 0; }
    bool grew() const { return received_ > 0; }
    void start_over() const {
        if (::ftruncate(part_.get(), 0) != 0) fail_to_write(errno);
    }
    long status() const {
        long status = 0;
        curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
        return status;
    }
    std::string explanation(CURLcode code) const {
        return message_[0] != 0 ? message_.data() : curl_easy_strerror(code);
    }

  private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(curl_.get(), option, value);
    }

    void set_up() {
        constexpr long seconds_to_connect = 20;
        constexpr long seconds_of_silence = 30;
        const std::string agent = fmt::format("scrim/{}", version);
        set(CURLOPT_URL, request_.url.c_str());
        set(CURLOPT_USERAGENT, agent.c_str());
        set(CURLOPT_PROTOCOLS_STR, "https,http,file");
        // What began encrypted stays so.
        const bool encrypted = request_.url.starts_with("https:");
        set(CURLOPT_REDIR_PROTOCOLS_STR, encrypted ? "https" : "https,http");
        set(CURLOPT_FOLLOWLOCATION, 1L);
        set(CURLOPT_FAILONERROR, 1L);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT, seconds_to_connect);
        set(CURLOPT_LOW_SPEED_LIMIT, 1L);
        set(CURLOPT_LOW_SPEED_TIME, seconds_of_silence);
        set(CURLOPT_ERRORBUFFER, message_.data());
        set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(begin_));
        set(CURLOPT_WRITEFUNCTION, &Transfer::write);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &Transfer::progress);
        set(CURLOPT_XFERINFODATA, this);
    }

    /// Less than `size` tells libcurl to stop.
    static std::size_t write(char* data, std::size_t, std::size_t size, void* self) {
        return static_cast<Transfer*>(self)->append(data, size);
    }

    std::size_t append(const char* data, std::size_t size) {
        if (begin_ + received_ + static_cast<std::int64_t>(size) > request_.limit) {
            too_long_ = true;
            return 0;
        }
        for (std::size_t done = 0; done < size;) {
            const ssize_t written = ::write(part_.get(), data + done, size - done);
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) {
                write_error_ = errno;
                return 0;
            }
            done += static_cast<std::size_t>(written);
        }
        received_ += static_cast<std::int64_t>(size);
        return size;
    }

    /// Anything but 0 tells libcurl to stop.
    static int progress(void* self, curl_off_t total, curl_off_t, curl_off_t, curl_off_t) {
        auto& transfer = *static_cast<Transfer*>(self);
        const std::int64_t begin = transfer.begin_;
        transfer.stopped_ =
            !transfer.request_.progress(begin + transfer.received_, total > 0 ? begin + total : 0);
        return transfer.stopped_ ? 1 : 0;
    }

    [[noreturn]] void fail_to_write(int error) const {
        throw DownloadError(
            Reason::not_written,
            fmt::format("cannot write {}: {}", request_.part.string(), system_message(error)));
    }

    const DownloadRequest& request_;
    Fd part_;
    CurlHandle curl_;
    std::array<char, CURL_ERROR_SIZE> message_{};
    std::int64_t begin_ = 0;
    std::int64_t received_ = 0;
    int write_error_ = 0;
    bool stopped_ = false;
    bool too_long_ = false;
};

constexpr long not_found = 404;
constexpr long gone = 410;
constexpr long too_many_requests = 429;
constexpr long server_errors = 500;

DownloadError error_of(const std::string& url, const Transfer& transfer, CURLcode code) {
    if (code == CURLE_FILE_COULDNT_READ_FILE) {
        return {Reason::not_there, fmt::format("{} is not there", url)};
    }
    if (code == CURLE_HTTP_RETURNED_ERROR) {
        const long status = transfer.status();
        if (status == not_found || status == gone) {
            return {Reason::not_there, fmt::format("{} is not there ({})", url, status)};
        }
        const bool busy = status == too_many_requests || status >= server_errors;
        return {busy ? Reason::unreachable : Reason::refused,
                fmt::format("{} cannot be had: the server answers {}", url, status)};
    }
    if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT) {
        return {Reason::refused, fmt::format("{} is no address of a kind that is known", url)};
    }
    return {Reason::unreachable,
            fmt::format("{} cannot be reached: {}", url, transfer.explanation(code))};
}

bool cannot_resume(CURLcode code) {
    return code == CURLE_RANGE_ERROR || code == CURLE_BAD_DOWNLOAD_RESUME;
}

/// Where there is no connection at all, waiting a second does not make one.
bool may_pass(CURLcode code, const DownloadError& error) {
    return error.reason() == Reason::unreachable && code != CURLE_COULDNT_RESOLVE_HOST &&
           code != CURLE_COULDNT_RESOLVE_PROXY && code != CURLE_COULDNT_CONNECT &&
           code != CURLE_PEER_FAILED_VERIFICATION;
}

}  // namespace

void download(const DownloadRequest& request) {
    constexpr int attempts = 3;  // in a row without a single byte
    constexpr std::chrono::milliseconds pause(500);
    for (int failed = 0;;) {
        Transfer transfer(request);
        const CURLcode code = transfer.run();
        if (code == CURLE_OK) return;
        if (cannot_resume(code) && transfer.resumed()) {
            transfer.start_over();
            continue;
        }
        const DownloadError error = error_of(request.url, transfer, code);
        failed = transfer.grew() ? 1 : failed + 1;
        if (failed == attempts || !may_pass(code, error)) throw error;
        std::this_thread::sleep_for(pause);
    }
}

std::string url_path(const std::string& name) {
    std::string path;
    for (const auto& step : std::filesystem::path(name).relative_path())
        path += (path.empty() ? "" : "/") + escaped(step.string());
    return path;
}

std::string file_url(const std::filesystem::path& path) {
    return "file:///" + url_path(std::filesystem::absolute(path).lexically_normal());
}

}  // namespace scrim
