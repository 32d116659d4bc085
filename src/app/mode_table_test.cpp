#include "app/mode_table.h"

#include <gtest/gtest.h>

namespace scrim {
namespace {

using std::chrono::milliseconds;

TEST(ModeTable, HasALineForEachMode) {
    EXPECT_EQ(mode_table({
                  {"YUYV 640x480", 30, 29.94, milliseconds(412), 0.31, "", false},
                  {"MJPG 1280x720", 30, 30.02, milliseconds(1540), 4.1, "", true},
                  {"MJPG 1920x1080", 30, 0, {}, 0, "no room on the USB bus", false},
                  {"H264 640x480", 0, 7.5, milliseconds(98), 12, "", false},
              }),
              "  mode            promised     real  first picture  CPU each\n"
              "  YUYV 640x480        30/s   29.9/s         412 ms   0.31 ms\n"
              "* MJPG 1280x720       30/s     30/s        1540 ms   4.10 ms\n"
              "  MJPG 1920x1080      30/s  no room on the USB bus\n"
              "  H264 640x480           ?    7.5/s          98 ms  12.00 ms\n"
              "* what Scrim takes where nothing else is asked for\n");
}

TEST(ModeTable, ExplainsNoMarkWhereThereIsNone) {
    EXPECT_EQ(mode_table({{"YUYV 640x480", 30, 30, milliseconds(100), 0.3, "", false}}),
              "  mode          promised     real  first picture  CPU each\n"
              "  YUYV 640x480      30/s     30/s         100 ms   0.30 ms\n");
}

TEST(MeasuringLine, FitsTheTerminal) {
    EXPECT_EQ(measuring_line(0, 4, "YUYV 640x480", 80),
              "[....................] 1 of 4: YUYV 640x480");
    EXPECT_EQ(measuring_line(2, 4, "YUYV 640x480", 80),
              "[##########..........] 3 of 4: YUYV 640x480");
    EXPECT_EQ(measuring_line(4, 4, "", 80), "[####################] 4 of 4: ");
    EXPECT_EQ(measuring_line(2, 4, "YUYV 640x480", 20).size(), 19U);
    EXPECT_EQ(measuring_line(0, 0, "", 80), "[....................] 0 of 0: ");
}

}  // namespace
}  // namespace scrim
