#include "pipeline/mailbox.h"

#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace scrim {
namespace {

TEST(Mailbox, NewestReplacesAndCounts) {
    Mailbox<int> box(Mailbox<int>::Keep::newest);
    for (int i = 1; i <= 5; ++i)
        EXPECT_TRUE(box.put(i));
    EXPECT_EQ(box.dropped(), 4U);
    EXPECT_EQ(box.take(), 5);
}

TEST(Mailbox, EveryLosesNothing) {
    Mailbox<int> box(Mailbox<int>::Keep::every);
    std::jthread producer([&box] {
        for (int i = 0; i < 1000; ++i)
            box.put(i);
        box.close();
    });
    int expected = 0;
    while (const auto item = box.take())
        EXPECT_EQ(*item, expected++);
    EXPECT_EQ(expected, 1000);
    EXPECT_EQ(box.dropped(), 0U);
}

TEST(Mailbox, NewestNeverGoesBackwards) {
    Mailbox<int> box(Mailbox<int>::Keep::newest);
    std::jthread producer([&box] {
        for (int i = 1; i <= 20000; ++i)
            box.put(i);
        box.close();
    });
    int last = 0;
    std::uint64_t taken = 0;
    while (const auto item = box.take()) {
        EXPECT_GT(*item, last);
        last = *item;
        ++taken;
    }
    EXPECT_EQ(last, 20000);
    EXPECT_EQ(taken + box.dropped(), 20000U);
}

TEST(Mailbox, CloseWakesTheTakerAndKeepsTheLastItem) {
    Mailbox<int> box(Mailbox<int>::Keep::newest);
    box.put(7);
    box.close();
    EXPECT_FALSE(box.put(8));
    EXPECT_EQ(box.take(), 7);
    EXPECT_EQ(box.take(), std::nullopt);
}

TEST(Mailbox, CloseWakesAProducerThatWaits) {
    Mailbox<int> box(Mailbox<int>::Keep::every);
    box.put(1);
    std::jthread producer([&box] { EXPECT_FALSE(box.put(2)); });
    box.close();
}

TEST(Mailbox, ReplacedItemsAreLetGo) {
    Mailbox<std::shared_ptr<int>> box(Mailbox<std::shared_ptr<int>>::Keep::newest);
    auto first = std::make_shared<int>(1);
    box.put(first);
    EXPECT_EQ(first.use_count(), 2);
    box.put(std::make_shared<int>(2));
    EXPECT_EQ(first.use_count(), 1);
}

}  // namespace
}  // namespace scrim
