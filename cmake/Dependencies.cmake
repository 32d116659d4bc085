# Everything comes from Debian's and Ubuntu's packages (scripts/packages.txt). Libraries that ship
# no CMake or pkg-config file are found by header and library.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_program(FLATC flatc REQUIRED)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
endif()
find_package(benchmark REQUIRED)

pkg_check_modules(AV REQUIRED IMPORTED_TARGET libavformat libavcodec libswscale libavutil)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebpdemux libwebp)
pkg_check_modules(JPEG REQUIRED IMPORTED_TARGET libjpeg)
pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)
pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET pangocairo)
pkg_check_modules(GLIB REQUIRED IMPORTED_TARGET glib-2.0)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)

# scrim_find_library(TARGET HEADER LIBRARY... [PATH_SUFFIXES dir]): an imported target.
function(scrim_find_library target header)
  cmake_parse_arguments(arg "" "PATH_SUFFIXES" "" ${ARGN})
  find_path(${target}_INCLUDE ${header} PATH_SUFFIXES ${arg_PATH_SUFFIXES} REQUIRED)
  add_library(${target} INTERFACE IMPORTED)
  target_include_directories(${target} SYSTEM INTERFACE ${${target}_INCLUDE})
  foreach(library ${arg_UNPARSED_ARGUMENTS})
    find_library(${target}_${library} ${library} REQUIRED)
    target_link_libraries(${target} INTERFACE ${${target}_${library}})
  endforeach()
endfunction()

# OpenCV's own CMake file lives in the package of all its modules (hundreds of megabytes); core and
# imgproc are all that is needed.
scrim_find_library(opencv opencv2/imgproc.hpp opencv_core opencv_imgproc PATH_SUFFIXES opencv4)
scrim_find_library(xnnpack xnnpack.h XNNPACK pthreadpool)
scrim_find_library(yuv libyuv.h yuv)
find_path(FLATBUFFERS_INCLUDE flatbuffers/flatbuffers.h REQUIRED)
