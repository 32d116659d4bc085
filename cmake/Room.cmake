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
# The sanitizers' builds: lines in reports, otherwise compiled quickly. At -O2 -g they take three times
# as long as all else together. Of undefined behaviour, what the address sanitizer sees too is left
# to it.
set(CMAKE_CXX_FLAGS_SANITIZED "-O1 -g1 -DNDEBUG")
if(SCRIM_SANITIZE)
  target_compile_options(scrim_flags INTERFACE
    -fsanitize=${SCRIM_SANITIZE} -fno-sanitize=null,object-size,vptr
    -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(scrim_flags INTERFACE -fsanitize=${SCRIM_SANITIZE})
endif()
# The rooms that go over pixels, which their tests wait for; the others need no optimizer there.
set(scrim_pixel_rooms frame segment filter compose)

# How tests are compiled: quickly rather than to be quick, and without a warning that g++ 12 gives
# falsely for tables of test cases. A library, because its flags must come after scrim_flags'.
add_library(scrim_test_flags INTERFACE)
target_compile_options(scrim_test_flags INTERFACE
  -O1 $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
if(SCRIM_SANITIZE)
  # Tests are not what is looked at.
  target_compile_options(scrim_test_flags INTERFACE -fno-sanitize=undefined)
endif()
target_link_libraries(scrim_test_flags INTERFACE scrim_flags)
function(scrim_test_options target)
  target_link_libraries(${target} PRIVATE scrim_test_flags)
  target_compile_definitions(${target} PRIVATE
    SCRIM_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SCRIM_BINARY_DIR="${PROJECT_BINARY_DIR}")
endfunction()

# Every room's test program: what the sanitizers' steps of scripts/test build, instead of everything.
add_custom_target(unit_tests)

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
  if(CMAKE_BUILD_TYPE STREQUAL "Sanitized" AND NOT name IN_LIST scrim_pixel_rooms)
    target_compile_options(scrim_${name} PRIVATE -O0)
  endif()
  if(tests AND BUILD_TESTING)
    add_executable(test_${name} ${tests})
    target_link_libraries(test_${name} PRIVATE scrim_${name} GTest::gmock GTest::gtest_main)
    scrim_test_options(test_${name})
    add_dependencies(unit_tests test_${name})
    add_test(NAME unit_${name} COMMAND test_${name})
    set_tests_properties(unit_${name} PROPERTIES LABELS unit TIMEOUT 900)
  endif()
endfunction()
