# Flags of all of Scrim's own code.
add_library(scrim_flags INTERFACE)
target_compile_options(scrim_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual
  -Woverloaded-virtual -Wimplicit-fallthrough -Wundef
  $<$<BOOL:${SCRIM_WERROR}>:-Werror>)
# Optimising g++ 12 sees overlapping copies in `"literal" + std::string` that are not there.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(scrim_flags INTERFACE -Wno-restrict)
endif()
target_include_directories(scrim_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
if(SCRIM_SANITIZE)
  target_compile_options(scrim_flags INTERFACE
    -fsanitize=${SCRIM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(scrim_flags INTERFACE -fsanitize=${SCRIM_SANITIZE})
endif()

# How tests are compiled: quickly rather than to be quick, and without a warning that g++ 12 gives
# falsely for tables of test cases.
function(scrim_test_options target)
  target_compile_options(${target} PRIVATE -O1 $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_compile_definitions(${target} PRIVATE
    SCRIM_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SCRIM_BINARY_DIR="${PROJECT_BINARY_DIR}")
endfunction()

# scrim_room(NAME [LINK target...]): the library of one folder under src/. All of its .cpp files
# belong to it; the *_test.cpp among them become the test program test_NAME.
function(scrim_room name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(NOT sources)
    add_library(scrim_${name} INTERFACE)
    target_link_libraries(scrim_${name} INTERFACE scrim_flags ${arg_LINK})
    return()
  endif()
  add_library(scrim_${name} STATIC ${sources})
  target_link_libraries(scrim_${name} PUBLIC scrim_flags ${arg_LINK})
  if(tests AND BUILD_TESTING)
    add_executable(test_${name} ${tests})
    target_link_libraries(test_${name} PRIVATE scrim_${name} GTest::gmock GTest::gtest_main)
    scrim_test_options(test_${name})
    add_test(NAME unit_${name} COMMAND test_${name})
    set_tests_properties(unit_${name} PROPERTIES LABELS unit TIMEOUT 900)
  endif()
endfunction()
