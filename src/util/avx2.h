#pragma once

/// Before a function with a loop worth it: it is compiled for AVX2 and for every processor, and the
/// loader takes the one that fits the machine. The sanitizers cannot be asked that early, and clang
/// is only for fuzzing.
#if defined(__x86_64__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define SCRIM_AVX2_TOO __attribute__((target_clones("avx2", "default")))
#else
#define SCRIM_AVX2_TOO
#endif
