// Tiles of 16 rows by 64 bytes (Intel's AMX), in hardware and in plain C. The code that uses them is written once, in
// terms of the macros CONFIGURE, ZERO, LOAD, STORE and DOT of amx.inc and bfloat16_amx.inc.
#pragma once
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

// Configures this thread's tiles for `rows` rows, 1 to 32: tiles 0, 1 and 4 have the first 16 of them, tiles 2, 3 and 5
// the rest; tiles 6 and 7 have 16 rows. The configuration stays until the next call with another number of rows;
// loading one takes as long as a small matrix multiplication.
void ck_configure_tiles(size_t rows);

// Returns whether the processor has tiles and the operating system lets this process use them. `features` receives EDX
// of CPUID leaf 7.
bool ck_may_use_tiles(unsigned *features);

enum { ck_amx_bf16_bit = 22, ck_amx_int8_bit = 25 };
#endif

typedef uint32_t four_groups __attribute__((vector_size(16)));
typedef int32_t four_integers __attribute__((vector_size(16)));
typedef float four_floats __attribute__((vector_size(16)));

static inline four_groups dot_bfloat16(four_groups sum, four_groups a, four_groups b) {
    return (four_groups)((four_floats)sum + (four_floats)(a << 16) * (four_floats)(b << 16) +
                         (four_floats)(a & 0xffff0000) * (four_floats)(b & 0xffff0000));
}

// a holds unsigned bytes, b signed bytes.
static inline four_groups dot_int8(four_groups sum, four_groups a, four_groups b) {
    four_integers total = (four_integers)sum;
    for (int i = 0; i < 4; i++)
        total += (four_integers)(a >> (8 * i) & 0xff) * ((four_integers)(b << (24 - 8 * i)) >> 24);
    return (four_groups)total;
}

// AMX in plain C, so that the loops around its instructions can be tested on processors without it.
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
