#include "pipeline/handover.h"

#include <thread>

#include <gtest/gtest.h>

namespace scrim {
namespace {

/// Knows which thread destroyed it.
struct Worker {
    int number;
    std::thread::id* destroyed_by = nullptr;
    Worker(int n, std::thread::id* by) : number(n), destroyed_by(by) {}
    ~Worker() {
        if (destroyed_by != nullptr) *destroyed_by = std::this_thread::get_id();
    }
};

constexpr auto any = [](const Worker&) { return true; };

TEST(Handover, TheOneWhoOffersDestroysWhatWasReplaced) {
    Handover<Worker> handover;
    std::thread::id destroyed_by;
    auto current = std::make_unique<Worker>(1, &destroyed_by);
    std::jthread working([&] {
        while (!handover.adopt(current, any))
            std::this_thread::yield();
    });
    handover.offer(std::make_unique<Worker>(2, nullptr));
    handover.settle(std::chrono::seconds(20));
    EXPECT_EQ(destroyed_by, std::this_thread::get_id());
    working = {};
    EXPECT_EQ(current->number, 2);
}

TEST(Handover, OnlyWhatFitsIsTaken) {
    Handover<Worker> handover;
    auto current = std::make_unique<Worker>(1, nullptr);
    handover.offer(std::make_unique<Worker>(2, nullptr));
    EXPECT_FALSE(handover.adopt(current, [](const Worker& w) { return w.number == 3; }));
    EXPECT_EQ(current->number, 1);
    EXPECT_TRUE(handover.adopt(current, any));
    EXPECT_EQ(current->number, 2);
    EXPECT_FALSE(handover.adopt(current, any)) << "twice";
}

TEST(Handover, ANewerOfferReplacesTheOneNotTaken) {
    Handover<Worker> handover;
    auto current = std::make_unique<Worker>(1, nullptr);
    handover.offer(std::make_unique<Worker>(2, nullptr));
    handover.settle(Duration::zero());
    handover.offer(std::make_unique<Worker>(3, nullptr));
    EXPECT_TRUE(handover.adopt(current, any));
    EXPECT_EQ(current->number, 3);
    handover.offer(std::make_unique<Worker>(4, nullptr));
    EXPECT_TRUE(handover.adopt(current, any)) << "what was replaced before is no obstacle";
}

}  // namespace
}  // namespace scrim
