#include "CKernels.h"

// Four lanes are SSE2 on x86-64 and NEON on arm64: what every such processor has.
#define SUFFIX _baseline
#define LANES 4
#define TILE_ROWS 6
#define TARGET
#define TABLE_NAME "baseline"
#include "kernels.inc"

#if defined(__x86_64__)
#define SUFFIX _avx2
#define LANES 8
#define TILE_ROWS 6
#define TARGET __attribute__((target("avx2,fma,f16c")))
#define TABLE_NAME "AVX2"
#include "kernels.inc"

#define SUFFIX _avx512
#define LANES 16
#define TILE_ROWS 12
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,f16c")))
#define TABLE_NAME "AVX-512"
#include "kernels.inc"
#endif

static const ck_table *available[4];

// Runs before main, so that no reader ever races with the choice.
__attribute__((constructor)) static void choose(void) {
    int count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma"))
        available[count++] = &table_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) available[count++] = &table_avx2;
#endif
    available[count++] = &table_baseline;
}

const ck_table *const *ck_available(void) { return available; }

void ck_widen_bfloat16(float *out, const void *in, size_t count) {
    const unsigned char *bytes = in;
    for (size_t i = 0; i < count; i++) {
        uint16_t half;
        __builtin_memcpy(&half, bytes + 2 * i, 2);
        uint32_t bits = (uint32_t)half << 16;
        __builtin_memcpy(out + i, &bits, 4);
    }
}

size_t ck_first_not_finite(const float *values, size_t count) {
    const size_t block = 4096;
    for (size_t start = 0; start < count; start += block) {
        size_t end = start + block < count ? start + block : count;
        uint32_t found = 0;
        for (size_t i = start; i < end; i++) {
            uint32_t bits;
            __builtin_memcpy(&bits, values + i, 4);
            found |= (bits & 0x7f800000) == 0x7f800000;
        }
        if (found)
            for (size_t i = start; i < end; i++)
                if (!__builtin_isfinite(values[i])) return i;
    }
    return count;
}
