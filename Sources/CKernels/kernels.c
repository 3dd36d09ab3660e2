#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Four lanes are one SSE2 vector on x86-64 and one NEON vector on arm64, which every such processor has.
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

// Runs before main, so that no thread can read the list while it is being filled.
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

size_t ck_first_not_finite_half(const void *values, size_t count, uint16_t exponent) {
    const size_t block = 4096;
    const uint16_t *bits = values;
    for (size_t start = 0; start < count; start += block) {
        size_t end = start + block < count ? start + block : count;
        uint16_t found = 0;
        for (size_t i = start; i < end; i++) found |= (bits[i] & exponent) == exponent;
        if (found)
            for (size_t i = start; i < end; i++)
                if ((bits[i] & exponent) == exponent) return i;
    }
    return count;
}

typedef float four __attribute__((vector_size(16), aligned(4)));

static void pack_four(float *panel, const float *w, size_t stride, float scale) {
    four a = *(const four *)w * scale, b = *(const four *)(w + stride) * scale;
    four c = *(const four *)(w + 2 * stride) * scale, d = *(const four *)(w + 3 * stride) * scale;
    four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    *(four *)panel = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    *(four *)(panel + ck_panel_columns) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    ab = __builtin_shufflevector(a, b, 2, 6, 3, 7), cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    *(four *)(panel + 2 * ck_panel_columns) = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    *(four *)(panel + 3 * ck_panel_columns) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/// Packs columns `from` to `to` of the rows from `row` on, element by element. Rows past `count` become zero.
static void pack_elements(float *panel, const float *source, size_t row, size_t count, size_t from, size_t to,
                          size_t stride, float scale) {
    for (size_t r = row; r < ck_panel_columns; r++)
        for (size_t k = from; k < to; k++)
            panel[k * ck_panel_columns + r] = r < count ? source[r * stride + k] * scale : 0;
}

void ck_pack_rows(float *panels, const float *w, size_t rows, size_t inner, size_t stride, float scale) {
    size_t whole = inner / 4 * 4;
    for (size_t first = 0; first < rows; first += ck_panel_columns) {
        size_t count = rows - first < ck_panel_columns ? rows - first : ck_panel_columns;
        size_t fours = count / 4 * 4;
        float *panel = panels + first * inner;
        const float *source = w + first * stride;
        // Visits all rows four elements at a time, so that loads of rows that lie far apart overlap.
        for (size_t k = 0; k < whole; k += 4) {
            for (size_t r = 0; r < fours; r += 4)
                pack_four(panel + k * ck_panel_columns + r, source + r * stride + k, stride, scale);
            if (fours < ck_panel_columns) pack_elements(panel, source, fours, count, k, k + 4, stride, scale);
        }
        pack_elements(panel, source, 0, count, whole, inner, stride, scale);
    }
}

void ck_pack_columns(float *panels, const float *w, size_t columns, size_t inner, size_t stride) {
    for (size_t first = 0; first < columns; first += ck_panel_columns) {
        size_t count = columns - first < ck_panel_columns ? columns - first : ck_panel_columns;
        float *panel = panels + first * inner;
        const float *source = w + first;
        if (count == ck_panel_columns) {
#pragma clang loop unroll_count(4)
            for (size_t k = 0; k < inner; k++)
                __builtin_memcpy(panel + k * ck_panel_columns, source + k * stride, ck_panel_columns * sizeof(float));
            continue;
        }
        for (size_t k = 0; k < inner; k++)
            for (size_t c = 0; c < ck_panel_columns; c++)
                panel[k * ck_panel_columns + c] = c < count ? source[k * stride + c] : 0;
    }
}
