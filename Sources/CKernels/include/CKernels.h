#pragma once

#include <stddef.h>
#include <stdint.h>

/// Columns of a packed operand's panel.
enum { ck_panel_columns = 32 };

/// The kernels of one instruction set. Matrices are row-major float32; `stride` is in elements from one row
/// to the next. Every function may be called from any thread.
typedef struct {
    /// The instruction set, as the service's log and /info name it.
    const char *name;

    /// y[r][c] = Σ_k x[r][k] · panels[c / 32][k][c % 32], for `columns` columns, the last panel padded with zeros. No
    /// operand is copied: the panels are read in order, x where it lies.
    void (*product)(float *y, size_t y_stride, const float *x, size_t x_stride, size_t count, const float *panels,
                    size_t inner, size_t columns);

    /// rows[r][c] += bias[c]
    void (*bias)(float *rows, size_t count, size_t width, size_t stride, const float *bias);

    /// x = rows[r][c] + bias[c];  rows[r][c] = x · Φ(x), with Φ by erf; |error| < 1e-6 · max(1, |x|)
    void (*bias_gelu)(float *rows, size_t count, size_t width, size_t stride, const float *bias);

    /// The same with Φ by tanh, as `gelu_new` and `gelu_pytorch_tanh`.
    void (*bias_gelu_tanh)(float *rows, size_t count, size_t width, size_t stride, const float *bias);

    /// rows[r][c] = max(rows[r][c] + bias[c], 0)
    void (*bias_relu)(float *rows, size_t count, size_t width, size_t stride, const float *bias);

    /// rows[r] = layer_norm(rows[r] + bias + residual[r]) · gamma + beta; biased variance over `width`.
    /// All three row pointers share `stride`. `bias` and `residual` may be null.
    void (*bias_residual_norm)(float *rows, size_t count, size_t width, size_t stride, const float *bias,
                               const float *residual, const float *gamma, const float *beta, float epsilon);

    /// rows[r][c] = exp(rows[r][c] - max(rows[r]));  inverse_sum[r] = 1 / Σ rows[r]. Leaves the division to the caller,
    /// who has fewer columns to divide.
    void (*exp_rows)(float *rows, size_t count, size_t width, size_t stride, float *inverse_sum);

    /// rows[r][c] *= factor[r]
    void (*scale_rows)(float *rows, size_t count, size_t width, size_t stride, const float *factor);

    /// out[c] = word[c] + position[c] + token_type[c]
    void (*add_three)(float *out, const float *word, const float *position, const float *token_type, size_t width);

    /// out[c] = mean over r of rows[r][c]
    void (*mean_rows)(float *out, const float *rows, size_t count, size_t width, size_t stride);

    /// IEEE binary16, little-endian and possibly unaligned, to float32.
    void (*widen_float16)(float *out, const void *in, size_t count);
} ck_table;

/// Every table this processor can run, fastest first, ending in null.
const ck_table *const *ck_available(void);

/// Tells the processor that this thread spins, so that the wait costs its sibling and the power budget little.
static inline void ck_spin_hint(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// bfloat16, little-endian and possibly unaligned, to float32.
void ck_widen_bfloat16(float *out, const void *in, size_t count);

/// The index of the first value that is infinite or not a number, or `count`.
size_t ck_first_not_finite(const float *values, size_t count);
