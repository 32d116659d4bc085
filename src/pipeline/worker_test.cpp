#include "pipeline/worker.h"

#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace scrim {
namespace {

TEST(Workers, DoJobsOneAfterTheOther) {
    std::vector<int> done;
    Worker worker("test");
    for (int i = 0; i < 1000; ++i)
        worker.start([&done, i] { done.push_back(i); });
    worker.wait();
    ASSERT_EQ(done.size(), 1000U);
    for (int i = 0; i < 1000; ++i)
        EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
}

TEST(Workers, PassOnWhatAJobThrowsOnce) {
    Worker worker("test");
    worker.start([] { throw std::runtime_error("no"); });
    EXPECT_THROW(worker.wait(), std::runtime_error);
    EXPECT_NO_THROW(worker.wait());
    worker.start([] { throw std::runtime_error("no"); });
    EXPECT_THROW(worker.start([] {}), std::runtime_error);
    EXPECT_NO_THROW(worker.start([] {}));
}

TEST(Workers, FinishWhatTheyWereGiven) {
    bool done = false;
    {
        Worker("test").start([&done] { done = true; });
    }
    EXPECT_TRUE(done);
    const Worker idle("test");
}

TEST(Workers, HandOverToOneAnother) {
    std::vector<int> done;
    Worker second("second");
    {
        Worker first("first");
        for (int i = 0; i < 100; ++i)
            first.start([&second, &done, i] { second.start([&done, i] { done.push_back(i); }); });
        first.wait();
    }
    second.wait();
    EXPECT_EQ(done.size(), 100U);
    EXPECT_EQ(done.back(), 99);
}

}  // namespace
}  // namespace scrim
