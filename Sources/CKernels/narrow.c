#include "CKernels.h"
#include "tiles.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#include <sys/auxv.h>
#endif

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

// Every function that takes or returns a vector is inlined, so the calling convention that this warns about is unused.
#pragma clang diagnostic ignored "-Wpsabi"

#define SUFFIX _bfloat16_portable
#define TARGET
#define LANES 4
#define TILE_ROWS 4
#define TILE_VECTORS 2
#define DOT dot_bfloat16
#define TABLE_NAME "portable"
#define OPERAND ck_bfloat16
#define LEVELS 0
#define IS_FAST false
#include "narrow.inc"

#define SUFFIX _int8_portable
#define TARGET
#define LANES 4
#define TILE_ROWS 4
#define TILE_VECTORS 2
#define DOT dot_int8
#define TABLE_NAME "portable"
#define OPERAND ck_int8
#define LEVELS 255
#define IS_FAST false
#include "narrow.inc"

#if defined(__x86_64__)
#define SUFFIX _bfloat16_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))
#define LANES 16
#define TILE_ROWS 12
#define TILE_VECTORS 2
#define DOT(sum, a, b) (vector_bfloat16_avx512) _mm512_dpbf16_ps((__m512)(sum), (__m512bh)(a), (__m512bh)(b))
#define TABLE_NAME "AVX-512 BF16"
#define OPERAND ck_bfloat16
#define LEVELS 0
#define IS_FAST true
#include "narrow.inc"

#define SUFFIX _int8_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))
#define LANES 16
#define TILE_ROWS 12
#define TILE_VECTORS 2
#define DOT(sum, a, b) (vector_int8_avx512) _mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(a), (__m512i)(b))
#define TABLE_NAME "AVX-512 VNNI"
#define OPERAND ck_int8
#define LEVELS 255
#define IS_FAST true
#include "narrow.inc"

// Two products of an unsigned and a signed byte are added in 16 bits. That cannot overflow if the unsigned bytes have 7
// bits.
__attribute__((always_inline, target("avx2"))) static inline __m256i dot_avx2(__m256i sum, __m256i a, __m256i b) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)));
}

#define SUFFIX _int8_avx2
#define TARGET __attribute__((target("avx2")))
#define LANES 8
#define TILE_ROWS 4
#define TILE_VECTORS 2
#define DOT(sum, a, b) (vector_int8_avx2) dot_avx2((__m256i)(sum), (__m256i)(a), (__m256i)(b))
#define TABLE_NAME "AVX2"
#define OPERAND ck_int8
#define LEVELS 127
#define IS_FAST true
#include "narrow.inc"
#endif

#if defined(__aarch64__)
#define SUFFIX _bfloat16_neon
#define TARGET __attribute__((target("bf16")))
#define LANES 4
#define TILE_ROWS 8
#define TILE_VECTORS 2
#define DOT(sum, a, b) (vector_bfloat16_neon) vbfdotq_f32((float32x4_t)(sum), (bfloat16x8_t)(a), (bfloat16x8_t)(b))
#define TABLE_NAME "NEON BF16"
#define OPERAND ck_bfloat16
#define LEVELS 0
#define IS_FAST true
#include "narrow.inc"

#define SUFFIX _int8_neon
#define TARGET __attribute__((target("i8mm")))
#define LANES 4
#define TILE_ROWS 8
#define TILE_VECTORS 2
#define DOT(sum, a, b) (vector_int8_neon) vusdotq_s32((int32x4_t)(sum), (uint8x16_t)(a), (int8x16_t)(b))
#define TABLE_NAME "NEON I8MM"
#define OPERAND ck_int8
#define LEVELS 255
#define IS_FAST true
#include "narrow.inc"
#endif

#define SUFFIX _bfloat16_plain_amx
#define TARGET
#define TABLE_NAME "AMX in plain C"
#define OPERAND ck_bfloat16
#define LEVELS 0
#define IS_FAST false
#define CONFIGURE plain_configure
#define ZERO plain_zero
#define LOAD plain_load
#define STORE plain_store
#define DOT(c, a, b) plain_dot(c, a, b, dot_bfloat16)
#include "amx.inc"

#define SUFFIX _int8_plain_amx
#define TARGET
#define TABLE_NAME "AMX in plain C"
#define OPERAND ck_int8
#define LEVELS 255
#define IS_FAST false
#define CONFIGURE plain_configure
#define ZERO plain_zero
#define LOAD plain_load
#define STORE plain_store
#define DOT(c, a, b) plain_dot(c, a, b, dot_int8)
#include "amx.inc"

#if defined(__x86_64__)
#define SUFFIX _bfloat16_amx
#define TARGET __attribute__((target("amx-tile,amx-bf16")))
#define TABLE_NAME "AMX BF16"
#define OPERAND ck_bfloat16
#define LEVELS 0
#define IS_FAST true
#define CONFIGURE ck_configure_tiles
#define ZERO(t) _tile_zero(t)
#define LOAD(t, p, stride) _tile_loadd(t, p, stride)
#define STORE(t, p, stride) _tile_stored(t, p, stride)
#define DOT(c, a, b) _tile_dpbf16ps(c, a, b)
#include "amx.inc"

#define SUFFIX _int8_amx
#define TARGET __attribute__((target("amx-tile,amx-int8")))
#define TABLE_NAME "AMX INT8"
#define OPERAND ck_int8
#define LEVELS 255
#define IS_FAST true
#define CONFIGURE ck_configure_tiles
#define ZERO(t) _tile_zero(t)
#define LOAD(t, p, stride) _tile_loadd(t, p, stride)
#define STORE(t, p, stride) _tile_stored(t, p, stride)
#define DOT(c, a, b) _tile_dpbusd(c, a, b)
#include "amx.inc"
#endif

static const ck_narrow_table *available[12];

// Runs before main, so that no thread can read the list while it is being filled.
__attribute__((constructor)) static void choose(void) {
    int count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    unsigned features;
    if (ck_may_use_tiles(&features)) {
        if (features >> ck_amx_bf16_bit & 1) available[count++] = &table_bfloat16_amx;
        if (features >> ck_amx_int8_bit & 1) available[count++] = &table_int8_amx;
    }
    bool has_avx512 =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (has_avx512 && __builtin_cpu_supports("avx512bf16")) available[count++] = &table_bfloat16_avx512;
    if (has_avx512 && __builtin_cpu_supports("avx512vnni")) available[count++] = &table_int8_avx512;
    if (__builtin_cpu_supports("avx2")) available[count++] = &table_int8_avx2;
#elif defined(__aarch64__)
    unsigned long features = getauxval(AT_HWCAP2);
    if (features >> 14 & 1) available[count++] = &table_bfloat16_neon;
    if (features >> 13 & 1) available[count++] = &table_int8_neon;
#endif
    available[count++] = &table_bfloat16_plain_amx;
    available[count++] = &table_int8_plain_amx;
    available[count++] = &table_bfloat16_portable;
    available[count++] = &table_int8_portable;
}

const ck_narrow_table *const *ck_narrow_available(void) { return available; }

void ck_narrow_pack(ck_operand operand, const ck_table *kernels, void *panels, float *scales, float *offsets, void *row,
                    const float *w, size_t w_stride, size_t outer, size_t inner, size_t groups) {
    __builtin_memset(row, 0, 4 * groups);
    for (size_t r = 0; r < outer; r++) {
        if (r + 4 < outer) ck_fetch_row(w + (r + 4) * w_stride);
        if (operand == ck_int8) {
            int32_t sum;
            scales[r] = kernels->signed_bytes(row, w + r * w_stride, inner, &sum);
            offsets[r] = scales[r] * (float)sum;
        } else {
            kernels->round_rows(row, 4 * groups, w + r * w_stride, w_stride, 1, inner);
        }
        uint32_t *panel = (uint32_t *)panels + r / ck_panel_columns * ck_panel_columns * groups + r % ck_panel_columns;
        for (size_t g = 0; g < groups; g++) __builtin_memcpy(panel + g * ck_panel_columns, (char *)row + 4 * g, 4);
    }
}

void ck_narrow_product(const ck_narrow_table *narrow, const ck_table *kernels, float *y, size_t y_stride, const void *x,
                       size_t x_stride, const ck_row_scale *row_scales, size_t rows, const ck_narrow_factor *factor,
                       ck_activation activation) {
    enum { most_rows = 32 };
    _Alignas(64) uint32_t sums[most_rows * ck_panel_columns];
    size_t groups = factor->groups;
    for (size_t c = 0; c < factor->columns; c += ck_panel_columns) {
        const uint32_t *panel = (const uint32_t *)factor->panels + c * groups;
        size_t columns = factor->columns - c < ck_panel_columns ? factor->columns - c : ck_panel_columns;
        for (size_t r = 0; r < rows; r += narrow->tile_rows) {
            size_t height = rows - r < narrow->tile_rows ? rows - r : narrow->tile_rows;
            narrow->sums(sums, ck_panel_columns, (const char *)x + r * x_stride, x_stride, height, panel,
                         ck_panel_columns, groups);
            float *target = y + r * y_stride + c;
            if (narrow->operand == ck_bfloat16)
                kernels->finish_sums(target, y_stride, (const float *)sums, height, columns, factor->bias + c,
                                     activation);
            else
                kernels->finish_int8_sums(target, y_stride, (const int32_t *)sums, height, columns, factor->bias + c,
                                          factor->scales + c, factor->offsets + c, row_scales + r, activation);
        }
    }
}
