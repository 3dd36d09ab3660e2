#include "CKernels.h"
#include "tiles.h"

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

typedef uint32_t pairs __attribute__((vector_size(64)));
typedef float sums __attribute__((vector_size(64)));
typedef pairs unaligned_pairs __attribute__((aligned(4)));
typedef sums unaligned_sums __attribute__((aligned(4)));

// Every function that takes or returns a vector is inlined, so the calling convention that this warns about is unused.
#pragma clang diagnostic ignored "-Wpsabi"

#define SUFFIX _portable
#define TARGET
#define FN __attribute__((always_inline)) static inline
#define NAME(f) JOIN(f, SUFFIX)
#define TABLE_NAME "portable"
#define TILE_ROWS 4

// Rounds to nearest, ties to even, like the processor's conversion: a subnormal becomes zero, a NaN stays a NaN.
static inline uint32_t rounded(float x) {
    uint32_t bits;
    __builtin_memcpy(&bits, &x, 4);
    uint32_t magnitude = bits & 0x7fffffff;
    uint32_t nearest = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    if (magnitude > 0x7f800000) return bits >> 16 | 0x40;
    return magnitude < 0x00800000 ? bits >> 31 << 15 : nearest;
}

FN pairs NAME(pairs_along)(const float *x) {
    pairs result;
    for (int i = 0; i < 16; i++) result[i] = rounded(x[2 * i]) | rounded(x[2 * i + 1]) << 16;
    return result;
}

FN pairs NAME(pairs_across)(const float *x, const float *y) {
    pairs result;
    for (int i = 0; i < 16; i++) result[i] = rounded(x[i]) | rounded(y[i]) << 16;
    return result;
}

FN void NAME(store_first)(uint32_t *p, pairs v, size_t count) { __builtin_memcpy(p, &v, count * sizeof(uint32_t)); }

FN sums NAME(dot)(sums sum, pairs a, pairs b) {
    return sum + (sums)(a << 16) * (sums)(b << 16) + (sums)(a & 0xffff0000) * (sums)(b & 0xffff0000);
}

#include "bfloat16.inc"

#define SUFFIX _plain_amx
#define TARGET
#define TABLE_NAME "AMX in plain C"
#define PACKING _portable
#define CONFIGURE plain_configure
#define ZERO plain_zero
#define LOAD plain_load
#define STORE plain_store
#define DOT(c, a, b) plain_dot(c, a, b, dot_bfloat16)
#include "bfloat16_amx.inc"

#if defined(__x86_64__)

#define SUFFIX _avx512bf16
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))
#define FN __attribute__((always_inline)) TARGET static inline
#define NAME(f) JOIN(f, SUFFIX)
#define TABLE_NAME "AVX-512 BF16"
#define TILE_ROWS 12

FN pairs NAME(pairs_along)(const float *x) {
    return (pairs)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + 16), _mm512_loadu_ps(x));
}

FN pairs NAME(pairs_across)(const float *x, const float *y) {
    typedef uint16_t halves __attribute__((vector_size(64)));
    halves both = (halves)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(y), _mm512_loadu_ps(x));
    return (pairs)__builtin_shufflevector(both, both, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9,
                                          25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

FN void NAME(store_first)(uint32_t *p, pairs v, size_t count) {
    _mm512_mask_storeu_epi32(p, (__mmask16)((1u << count) - 1), (__m512i)v);
}

FN sums NAME(dot)(sums sum, pairs a, pairs b) { return (sums)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b); }

#include "bfloat16.inc"

#define SUFFIX _amx
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16,amx-tile,amx-bf16")))
#define TABLE_NAME "AMX BF16"
#define PACKING _avx512bf16
#define CONFIGURE ck_configure_tiles
#define ZERO(t) _tile_zero(t)
#define LOAD(t, p, stride) _tile_loadd(t, p, stride)
#define STORE(t, p, stride) _tile_stored(t, p, stride)
#define DOT(c, a, b) _tile_dpbf16ps(c, a, b)
#include "bfloat16_amx.inc"
#endif

static const ck_bfloat16_table *available[5];

// Runs before main, so that no thread can read the list while it is being filled.
__attribute__((constructor)) static void choose(void) {
    int count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bf16")) {
        unsigned features;
        if (ck_may_use_tiles(&features) && features >> ck_amx_bf16_bit & 1) available[count++] = &table_amx;
        available[count++] = &table_avx512bf16;
    }
#endif
    available[count++] = &table_plain_amx;
    available[count++] = &table_portable;
}

const ck_bfloat16_table *const *ck_bfloat16_available(void) { return available; }
