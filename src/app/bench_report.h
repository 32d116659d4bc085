#pragma once

#include <string>

#include "app/bench_measure.h"

namespace scrim {

/// What was measured.
struct BenchCase {
    std::string config;  // for people
    std::string input;
    PixelFormat format = PixelFormat::yu12;
    int width = 0;
    int height = 0;
    int frames = 0;
    int threads = 1;
};

/// For people, with a picture of bars where `width` columns leave room for it; 0 = without.
std::string bench_text(const BenchCase& what, const BenchResult& result, int width);

/// For programs, indented.
std::string bench_json(const BenchCase& what, const BenchResult& result);

}  // namespace scrim
