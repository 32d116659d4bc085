#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/command.h"

namespace scrim {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Whatever this machine is like.
TEST(DoctorCommand, JudgesThisMachine) {
    const auto finished = test::scrim({"doctor"});
    for (const char* what : {" camera: ", " v4l2loopback: ", " configuration: ", " network: ",
                             " PipeWire: ", " processor: "}) {
        EXPECT_THAT(finished.output, HasSubstr(what)) << finished.errors;
    }
    const bool problem = finished.output.find("problem ") != std::string::npos;
    EXPECT_EQ(finished.status, problem ? 1 : 0);
    EXPECT_EQ(finished.errors.find("in the way of `scrim run`") != std::string::npos, problem);
    EXPECT_EQ(finished.output.find('\033'), std::string::npos);  // no terminal, no colours
}

TEST(DoctorCommand, SaysWhatIsWrongInTheConfiguration) {
    const test::TemporaryFolder folder;
    test::write_file(folder / "my.yaml", "real_video_device: /dev/video987\n");
    EXPECT_THAT(test::scrim({"doctor", "--config", folder / "my.yaml"}).output,
                HasSubstr("problem  camera: the configuration takes /dev/video987, which is not "
                          "there"));
    test::write_file(folder / "my.yaml", "widht: 640\n");
    const auto finished = test::scrim({"doctor", "--config", folder / "my.yaml"});
    EXPECT_EQ(finished.status, 1);
    EXPECT_THAT(finished.output, AllOf(HasSubstr("my.yaml is wrong"), HasSubstr("my.yaml:1:1")));
}

TEST(DoctorCommand, OpensANetworkOfOnesOwn) {
    const test::TemporaryFolder folder;
    test::write_file(folder / "net.tflite", "no network at all");
    test::write_file(folder / "my.yaml", "model: net.tflite\n");
    EXPECT_THAT(test::scrim({"doctor", "--config", folder / "my.yaml"}).output,
                AllOf(HasSubstr("problem  network: cannot use the network"),
                      HasSubstr("scrim models inspect")));
}

}  // namespace
}  // namespace scrim
