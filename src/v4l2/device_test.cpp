#include "v4l2/device.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "v4l2/modes.h"

namespace scrim::v4l2 {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string error_of_opening(const std::string& path) {
    try {
        open_device(path);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(Device, NumbersAreNodes) {
    EXPECT_EQ(device_path("0"), "/dev/video0");
    EXPECT_EQ(device_path("12"), "/dev/video12");
    EXPECT_EQ(device_path("/dev/v4l/by-id/camera"), "/dev/v4l/by-id/camera");
    EXPECT_EQ(device_path("1x"), "1x");
}

TEST(Device, WhatCannotBeOpenedIsSaidInWords) {
    EXPECT_THAT(error_of_opening("/dev/video4711"), HasSubstr("no such device; there is "));
    const std::string file = testing::TempDir() + "scrim_device_test_file";
    std::ofstream(file) << "not a camera";
    EXPECT_THAT(error_of_opening(file), HasSubstr("it is not a device"));
    EXPECT_THAT(error_of_opening(testing::TempDir()), HasSubstr("it is not a device"));
    std::filesystem::remove(file);
}

TEST(Device, OtherDevicesAreNoVideoDevices) {
    const auto info = query("/dev/null");
    EXPECT_EQ(info.problem, "it is not a video device");
    EXPECT_FALSE(info.captures);
    EXPECT_THAT(describe_modes("/dev/null"), testing::IsEmpty());
}

TEST(Device, NodesAreListedByNumber) {
    int last = -1;
    for (const auto& device : list_devices()) {
        const int number = std::stoi(device.path.substr(std::string("/dev/video").size()));
        EXPECT_GT(number, last);
        last = number;
    }
}

/// A process of our own that has a device open until its standard input ends.
TEST(Device, TellsWhoHasANodeOpen) {
    // A device that hardly anybody has open.
    const std::string device = "/dev/full";
    int ready[2];
    int end[2];
    ASSERT_EQ(::pipe2(ready, O_CLOEXEC), 0);
    ASSERT_EQ(::pipe2(end, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        ::close(end[1]);
        const int fd = ::open(device.c_str(), O_RDWR);
        char byte = 'x';
        const bool told = fd >= 0 && ::write(ready[1], &byte, 1) == 1;
        const bool ended = ::read(end[0], &byte, 1) == 0;
        ::_exit(told && ended ? 0 : 1);
    }
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    EXPECT_THAT(by_whom(device), HasSubstr("(process " + std::to_string(child) + ")"));
    const Fd own = open_device(device);
    EXPECT_THAT(by_whom(device), Not(HasSubstr("process " + std::to_string(::getpid()) + ")")));
    for (const int fd : {ready[0], ready[1], end[0], end[1]})
        ::close(fd);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(Modes, AreDescribedForPeople) {
    EXPECT_EQ(describe({0, 1280, 720, {{30, 1}, {15, 2}}, false}), "1280x720 at 30, 7.5/s");
    EXPECT_EQ(describe({0, 640, 480, {{1, 1}, {60, 1}}, true}), "640x480 at 1 to 60/s");
    EXPECT_EQ(describe({0, 640, 480, {}, false}), "640x480");
}

}  // namespace
}  // namespace scrim::v4l2
