#include "pipeline/outlets.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "util/log.h"

namespace scrim {

Outlets::~Outlets() {
    close();
    // All threads end before the first outlet goes: a sink that tells of its audience asks for all.
    for (Running& running : outlets_) {
        if (running.thread.joinable()) running.thread.join();
    }
}

void Outlets::open(SinkRequest request) {
    add(Running(std::make_shared<Outlet>(std::move(request), setting_)));
}

void Outlets::start() {
    for (Running& running : outlets_)
        start(running);
}

void Outlets::start(Running& running) {
    running.thread = outcome_.spawn(
        "sink", [this, outlet = running.outlet] { run(*outlet); }, failed_);
}

void Outlets::run(Outlet& outlet) {
    try {
        outlet.run();
    } catch (const Error& error) {
        // A meeting goes on with the sinks that are left; work on files ends at the first error.
        const auto at_work = [](const Running& running) { return running.outlet->open(); };
        std::unique_lock lock(mutex_);
        if (!setting_.live || std::none_of(outlets_.begin(), outlets_.end(), at_work)) throw;
        lock.unlock();
        spdlog::error("{}; going on without it", error.what());
    }
}

bool Outlets::distribute(const Finished& finished) {
    {
        const std::lock_guard lock(mutex_);
        if (targets_generation_ != generation_) {
            targets_.clear();
            for (const Running& running : outlets_)
                targets_.push_back(running.outlet);
            targets_generation_ = generation_;
        }
    }
    for (const auto& target : targets_)
        target->put(finished);
    const auto open = [](const auto& one) { return one->open(); };
    if (std::any_of(targets_.begin(), targets_.end(), open)) return true;
    const std::lock_guard lock(mutex_);
    return changing_ || targets_generation_ != generation_;  // others have taken their place
}

void Outlets::close() {
    const std::lock_guard lock(mutex_);
    for (const Running& running : outlets_)
        running.outlet->close();
}

std::vector<Outlets::Running> Outlets::open_new(const std::vector<SinkRequest>& requests) {
    std::vector<Running> result;
    for (const SinkRequest& request : requests) {
        const bool served = std::any_of(outlets_.begin(), outlets_.end(), [&](const auto& running) {
            return same_target(running.outlet->request(), request);
        });
        if (!served) result.push_back(opened(request));
    }
    return result;
}

Outlets::Running Outlets::opened(const SinkRequest& request) {
    // The same device in another format: nobody can have it open twice.
    const auto before = end_outlet_of(request.target);
    try {
        return Running(std::make_shared<Outlet>(request, setting_));
    } catch (const Error&) {
        if (before) {
            Running again(std::make_shared<Outlet>(*before, setting_));
            start(again);
            add(std::move(again));
        }
        throw;
    }
}

std::optional<SinkRequest> Outlets::end_outlet_of(const std::string& target) {
    std::unique_lock lock(mutex_);
    const auto found = std::find_if(outlets_.begin(), outlets_.end(), [&](const auto& running) {
        return running.outlet->request().target == target;
    });
    if (found == outlets_.end()) return std::nullopt;
    const Running ended = std::move(*found);
    outlets_.erase(found);
    dropped_before_ += ended.outlet->dropped();
    ++generation_;
    lock.unlock();
    return ended.outlet->request();
}

void Outlets::add(Running running) {
    const std::lock_guard lock(mutex_);
    outlets_.push_back(std::move(running));
    ++generation_;
}

void Outlets::replace(const std::vector<SinkRequest>& requests, std::vector<Running> opened) {
    for (Running& running : opened) {
        start(running);
        add(std::move(running));
    }
    std::vector<Running> gone;  // outlives the lock: its threads may need it to end
    const std::lock_guard lock(mutex_);
    const auto last = std::stable_partition(outlets_.begin(), outlets_.end(), [&](const auto& one) {
        return std::any_of(requests.begin(), requests.end(), [&](const SinkRequest& request) {
            return same_target(one.outlet->request(), request);
        });
    });
    if (last == outlets_.end()) return;
    for (auto one = last; one != outlets_.end(); ++one)
        dropped_before_ += one->outlet->dropped();
    std::move(last, outlets_.end(), std::back_inserter(gone));
    outlets_.erase(last, outlets_.end());
    ++generation_;
}

std::vector<SinkRequest> Outlets::requests() const {
    std::vector<SinkRequest> requests;
    for (const Running& running : outlets_)
        requests.push_back(running.outlet->request());
    return requests;
}

std::vector<std::string> Outlets::names() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const Running& running : outlets_)
        names.push_back(running.outlet->name());
    return names;
}

std::uint64_t Outlets::dropped() const {
    const std::lock_guard lock(mutex_);
    std::uint64_t sum = dropped_before_;
    for (const Running& running : outlets_)
        sum += running.outlet->dropped();
    return sum;
}

bool Outlets::watched() const {
    const std::lock_guard lock(mutex_);
    return std::any_of(outlets_.begin(), outlets_.end(),
                       [](const Running& running) { return running.outlet->watched(); });
}

}  // namespace scrim
