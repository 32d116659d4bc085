#include "pipeline/outlet.h"

#include <algorithm>
#include <utility>

#include "frame/convert.h"
#include "util/log.h"

namespace scrim {
namespace {

// Between two attempts to open a device that is lost.
constexpr auto pause = std::chrono::seconds(1);

}  // namespace

Outlet::Outlet(SinkRequest request, Setting setting)
    : request_(std::move(request)),
      setting_(std::move(setting)),
      kind_(find_sink_kind(request_)),
      mailbox_(setting_.live ? Mailbox<Finished>::Keep::newest : Mailbox<Finished>::Keep::every) {
    try {
        open_sink();
    } catch (const BusyError& error) {
        // An application that had the device open first need only look away for a moment.
        if (!setting_.live || !kind_.comes_back) throw;
        name_ = request_.target.empty() ? "the virtual camera" : request_.target;
        lose(error);
    }
}

void Outlet::open_sink() {
    sink_ = kind_.open(request_);
    if (name_.empty()) name_ = sink_->name();  // later on other threads read it
    watched_ = false;
    const bool knows = sink_->watch_audience([this](bool watched) {
        if (watched_.exchange(watched) != watched) setting_.audience_changed();
    });
    if (!knows) watched_ = true;
}

void Outlet::run() {
    try {
        while (auto finished = mailbox_.take()) {
            if (sink_ || open_again()) write(*finished);
        }
        if (sink_) sink_->finish();
    } catch (...) {
        close();
        open_ = false;
        sink_.reset();
        throw;
    }
    open_ = false;
    sink_.reset();
}

void Outlet::write(const Finished& finished) {
    try {
        const auto timer = setting_.clock->measure(Stage::output);
        // The sink keeps its size when the camera's changes: whoever watches could not follow.
        Frame frame =
            fitted(with_tags(finished.frame, request_.tags), request_.width, request_.height);
        if (setting_.live) {
            // A camera's first picture may have been taken before the last cover was shown.
            frame.captured = std::max(frame.captured, last_time_ + std::chrono::microseconds(1));
            last_time_ = frame.captured;
        }
        sink_->write(frame);
    } catch (const Error& error) {
        if (!setting_.live || !kind_.comes_back) throw;
        lose(error);
        return;
    }
    if (setting_.live && !finished.cover) {
        setting_.clock->add_latency(Clock::now() - finished.frame.captured);
    }
}

void Outlet::lose(const Error& error) {
    spdlog::warn("{}; trying again until it is there", error.what());
    sink_.reset();
    next_attempt_ = Clock::now() + pause;
}

bool Outlet::open_again() {
    if (Clock::now() < next_attempt_) return false;
    try {
        open_sink();
    } catch (const Error& error) {
        spdlog::debug("{}", error.what());
        next_attempt_ = Clock::now() + pause;
        return false;
    }
    spdlog::info("pictures go to {} again", name_);
    return true;
}

bool same_target(const SinkRequest& a, const SinkRequest& b) {
    return a.target == b.target && a.output_format == b.output_format;
}

}  // namespace scrim
