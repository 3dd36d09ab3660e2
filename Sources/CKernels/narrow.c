#define _GNU_SOURCE  // syscall
#include "CKernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#include <sys/auxv.h>
#endif

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

// Whatever takes or returns a vector is inlined, so that it never matters how one would be passed.
#pragma clang diagnostic ignored "-Wpsabi"

typedef uint32_t four_groups __attribute__((vector_size(16)));
typedef int32_t four_integers __attribute__((vector_size(16)));
typedef float four_floats __attribute__((vector_size(16)));

static inline four_groups dot_bfloat16(four_groups sum, four_groups a, four_groups b) {
    return (four_groups)((four_floats)sum + (four_floats)(a << 16) * (four_floats)(b << 16) +
                         (four_floats)(a & 0xffff0000) * (four_floats)(b & 0xffff0000));
}

// a holds unsigned bytes, b signed ones.
static inline four_groups dot_int8(four_groups sum, four_groups a, four_groups b) {
    four_integers total = (four_integers)sum;
    for (int i = 0; i < 4; i++)
        total += (four_integers)(a >> (8 * i) & 0xff) * ((four_integers)(b << (24 - 8 * i)) >> 24);
    return (four_groups)total;
}

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

// Two products of unsigned and signed bytes are summed in 16 bits, which 7 bits of the one and 8 of the other cannot exceed.
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

// AMX in plain C, so that the loop around its instructions is tested where they are missing.
typedef struct {
    size_t rows;
    uint32_t groups[16][16];
} plain_tile;

static _Thread_local plain_tile plain_tiles[8];

static void plain_configure(size_t rows) {
    for (int t = 0; t < 8; t++) plain_tiles[t].rows = 16;
    size_t upper = rows < 16 ? rows : 16;
    plain_tiles[0].rows = plain_tiles[1].rows = plain_tiles[4].rows = upper;
    plain_tiles[2].rows = plain_tiles[3].rows = plain_tiles[5].rows = rows - upper;
}

static void plain_load(int t, const void *p, size_t stride) {
    for (size_t r = 0; r < plain_tiles[t].rows; r++)
        __builtin_memcpy(plain_tiles[t].groups[r], (const char *)p + r * stride, 64);
}

static void plain_store(int t, void *p, size_t stride) {
    for (size_t r = 0; r < plain_tiles[t].rows; r++)
        __builtin_memcpy((char *)p + r * stride, plain_tiles[t].groups[r], 64);
}

static void plain_zero(int t) { __builtin_memset(plain_tiles[t].groups, 0, sizeof plain_tiles[t].groups); }

static void plain_dot(int c, int a, int b, four_groups (*dot)(four_groups, four_groups, four_groups)) {
    for (size_t r = 0; r < plain_tiles[c].rows; r++)
        for (size_t g = 0; g < 16; g++)
            for (size_t i = 0; i < 16; i += 4) {
                four_groups sum, panel, factor = (four_groups){0} + plain_tiles[a].groups[r][g];
                __builtin_memcpy(&sum, plain_tiles[c].groups[r] + i, 16);
                __builtin_memcpy(&panel, plain_tiles[b].groups[g] + i, 16);
                sum = dot(sum, factor, panel);
                __builtin_memcpy(plain_tiles[c].groups[r] + i, &sum, 16);
            }
}

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
// The shape of this thread's tiles, kept from call to call: loading another takes as long as a small product.
__attribute__((target("amx-tile"))) static void amx_configure(size_t rows) {
    static _Thread_local size_t configured;
    if (configured == rows) return;
    struct {
        uint8_t palette, start_row, reserved[14];
        uint16_t bytes[16];
        uint8_t rows[16];
    } shape = {.palette = 1};
    size_t upper = rows < 16 ? rows : 16;
    for (int t = 0; t < 8; t++) {
        shape.bytes[t] = 64;
        shape.rows[t] = 16;
    }
    shape.rows[0] = shape.rows[1] = shape.rows[4] = (uint8_t)upper;
    if (rows > 16) shape.rows[2] = shape.rows[3] = shape.rows[5] = (uint8_t)(rows - upper);
    _tile_loadconfig(&shape);
    configured = rows;
}

#define SUFFIX _bfloat16_amx
#define TARGET __attribute__((target("amx-tile,amx-bf16")))
#define TABLE_NAME "AMX BF16"
#define OPERAND ck_bfloat16
#define LEVELS 0
#define IS_FAST true
#define CONFIGURE amx_configure
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
#define CONFIGURE amx_configure
#define ZERO(t) _tile_zero(t)
#define LOAD(t, p, stride) _tile_loadd(t, p, stride)
#define STORE(t, p, stride) _tile_stored(t, p, stride)
#define DOT(c, a, b) _tile_dpbusd(c, a, b)
#include "amx.inc"

// Whether the processor has the tiles and the kernel lets this process use them, which it must be asked for.
static bool may_use_amx(unsigned *features) {
    unsigned a, b, c, d;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d >> 24 & 1)) return false;
    *features = d;
    const long request_permission = 0x1023, tile_data = 18;
    return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}
#endif

static const ck_narrow_table *available[12];

// Runs before main, so that no reader ever races with the choice.
__attribute__((constructor)) static void choose(void) {
    int count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    unsigned features;
    if (may_use_amx(&features)) {
        if (features >> 22 & 1) available[count++] = &table_bfloat16_amx;
        if (features >> 25 & 1) available[count++] = &table_int8_amx;
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
                kernels->finish_sums(target, y_stride, (const float *)sums, height, columns, factor->bias + c, activation);
            else
                kernels->finish_int8_sums(target, y_stride, (const int32_t *)sums, height, columns, factor->bias + c,
                                          factor->scales + c, factor->offsets + c, row_scales + r, activation);
        }
    }
}
