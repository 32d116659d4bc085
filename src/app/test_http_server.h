#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/fd.h"

namespace scrim::test {

/// A web server on this machine for tests of downloads: it can resume, and be told not to, to drop
/// connections half-way, or to fall silent. One connection at a time.
class HttpServer {
  public:
    std::map<std::string, std::string> files;  // by path: "/folder/file"
    bool knows_ranges = true;
    std::atomic<int> drops{0};   // that many answers break off after `half` bytes
    std::size_t half = 0;        // bytes
    bool falls_silent = false;   // instead of breaking off
    std::atomic<int> status{0};  // not 0: the answer to everything

    HttpServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto* const name = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_.get(), name, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
            ::getsockname(listener_.get(), name, &size) != 0) {
            throw std::runtime_error("no server can be had on this machine");
        }
        port_ = ntohs(address.sin_port);
    }
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// After everything above has been set.
    void start() {
        thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
    }

    std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }

    /// What was asked for: "/folder/file", or "/folder/file from 100".
    std::vector<std::string> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

  private:
    static bool readable(int fd, const std::stop_token& stop) {
        pollfd waiting{fd, POLLIN, 0};
        while (!stop.stop_requested()) {
            if (::poll(&waiting, 1, 10) > 0) return true;
        }
        return false;
    }

    void serve(const std::stop_token& stop) {
        while (readable(listener_.get(), stop)) {
            const Fd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (connection) answer(connection.get(), stop);
        }
    }

    static std::string read_head(int fd, const std::stop_token& stop) {
        std::string head;
        std::array<char, 1024> buffer;
        while (head.find("\r\n\r\n") == std::string::npos && readable(fd, stop)) {
            const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
            if (got <= 0) break;
            head.append(buffer.data(), static_cast<std::size_t>(got));
        }
        return head;
    }

    static void send(int fd, const std::string& text) {
        for (std::size_t done = 0; done < text.size();) {
            const ssize_t sent = ::send(fd, text.data() + done, text.size() - done, MSG_NOSIGNAL);
            if (sent <= 0) return;
            done += static_cast<std::size_t>(sent);
        }
    }

    void answer(int fd, const std::stop_token& stop) {
        const std::string head = read_head(fd, stop);
        const std::size_t begin = head.find(' ') + 1;
        const std::string path = head.substr(begin, head.find(' ', begin) - begin);
        const std::size_t range = head.find("Range: bytes=");
        const std::size_t from =
            range == std::string::npos ? 0 : std::strtoul(head.c_str() + range + 13, nullptr, 10);
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(path + (from > 0 ? " from " + std::to_string(from) : ""));
        }
        const auto file = files.find(path);
        const int refusal = file == files.end() ? 404 : status.load();
        if (refusal != 0) {
            return send(fd, "HTTP/1.1 " + std::to_string(refusal) +
                                " No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
        send_file(fd, file->second, knows_ranges ? from : 0, stop);
    }

    void send_file(int fd, const std::string& content, std::size_t from,
                   const std::stop_token& stop) {
        if (from > 0 && from >= content.size()) {
            return send(fd, "HTTP/1.1 416 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
        std::string body = content.substr(from);
        std::string head = "HTTP/1.1 200 OK\r\n";
        if (from > 0) {
            head = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::to_string(from) +
                   "-" + std::to_string(content.size() - 1) + "/" + std::to_string(content.size()) +
                   "\r\n";
        }
        head += "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n";
        const bool breaks_off = drops > 0;
        if (breaks_off) {
            --drops;
            body.resize(std::min(body.size(), half));
        }
        send(fd, head + body);
        if (breaks_off && falls_silent) readable(fd, stop);
    }

    Fd listener_;
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::jthread thread_;
};

}  // namespace scrim::test
