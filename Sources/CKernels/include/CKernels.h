#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Columns of a packed operand's panel.
enum { ck_panel_columns = 32 };

/// Which elements of a matrix survive, decided by a hash of the element's index (row-major, modulo 2^32) and a key, and by
/// what the survivors are multiplied. A threshold of zero keeps all.
typedef struct {
    uint32_t key_low, key_high;
    /// Of 2^24: the share that is dropped.
    int32_t threshold;
    float scale;
} ck_dropout;

/// One step of AdamW, its constants as the arithmetic uses them.
typedef struct {
    /// Of the gradient, before anything else.
    float gradient_scale;
    float beta1, beta2;
    /// 1 / √(1 - beta2^t), of the second moment's root.
    float root_scale;
    float epsilon;
    /// Learning rate / (1 - beta1^t).
    float rate;
    /// 1 - learning rate · decay, of the value.
    float keep;
} ck_adamw;

/// The elementwise function after a linear layer.
typedef enum { ck_identity, ck_gelu, ck_gelu_tanh, ck_relu } ck_activation;

/// What unsigned bytes q stand for: scale · (q - zero).
typedef struct {
    float scale;
    int32_t zero;
} ck_row_scale;

/// The kernels of one instruction set. Matrices are row-major float32; `stride` is in elements from one row
/// to the next. Every function may be called from any thread.
typedef struct {
    /// The instruction set, as the service's log and /info name it.
    const char *name;

    /// y[r][c] = Σ_k x[r][k] · panels[c / 32][k][c % 32], for `columns` columns, the last panel padded with zeros. No
    /// operand is copied: the panels are read in order, x where it lies.
    void (*product)(float *y, size_t y_stride, const float *x, size_t x_stride, size_t count, const float *panels,
                    size_t inner, size_t columns);

    /// y[r][c] += Σ_k x[k][r] · panels[c / 32][k][c % 32]: the same with x read as its transpose, for `count` of its
    /// columns.
    void (*product_of_transpose_add)(float *y, size_t y_stride, const float *x, size_t x_stride, size_t count,
                                     const float *panels, size_t inner, size_t columns);

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
    /// who has fewer columns to divide. The stride has room for whole vectors: what follows the width in the last
    /// becomes zero.
    void (*exp_rows)(float *rows, size_t count, size_t width, size_t stride, float *inverse_sum);

    /// rows[r][c] *= factor[r]
    void (*scale_rows)(float *rows, size_t count, size_t width, size_t stride, const float *factor);

    /// out[r] = Σ_c x[r][c] · y[r][c]
    void (*dot_rows)(float *out, const float *x, size_t x_stride, const float *y, size_t y_stride, size_t count,
                     size_t width);

    /// Softmax's gradient behind dropout, in place. `rows` holds the unnormalised e of exp_rows and becomes the dropped
    /// probabilities; `gradients` holds the gradient by those and becomes the one by the scores, times `scale`.
    ///
    ///     p = e · inverse_sum[r];  gradients[r][c] = p · (drop_out(gradients[r][c]) - delta[r]) · scale
    ///     rows[r][c] = drop_out(p)
    ///
    /// `delta` is Σ_c of the dropped probabilities times their gradients, row by row. `width`, a multiple of 16, is also
    /// the stride; rows[0][0] is element `first` of its matrix.
    void (*softmax_backward)(float *rows, float *gradients, size_t count, size_t width, const float *inverse_sum,
                             const float *delta, float scale, size_t first, ck_dropout dropout);

    /// out[c] = word[c] + position[c] + token_type[c]
    void (*add_three)(float *out, const float *word, const float *position, const float *token_type, size_t width);

    /// out[c] = mean over r of rows[r][c]
    void (*mean_rows)(float *out, const float *rows, size_t count, size_t width, size_t stride);

    /// IEEE binary16, little-endian and possibly unaligned, to float32.
    void (*widen_float16)(float *out, const void *in, size_t count);

    /// As `product`, added to y.
    void (*add_product)(float *y, size_t y_stride, const float *x, size_t x_stride, size_t count, const float *panels,
                        size_t inner, size_t columns);

    /// out[r] = x[r] rounded to bfloat16, to the nearest, ties to even; zeros after the width up to `out_stride` bytes.
    void (*round_rows)(void *out, size_t out_stride, const float *x, size_t x_stride, size_t count, size_t width);

    /// out[r] = round(x[r] / scale + zero) for bytes from 0 to `levels`, which reach from the row's smallest value, or 0, to
    /// its largest, or 0; zero bytes after the width up to `out_stride`.
    void (*quantise_rows)(void *out, size_t out_stride, ck_row_scale *scales, const float *x, size_t x_stride,
                          size_t count, size_t width, int levels);

    /// out = round(x / scale) for bytes from -127 to 127, which reach to the largest magnitude; their sum, and the scale.
    float (*signed_bytes)(void *out, const float *x, size_t width, int32_t *sum);

    /// y[r][c] = activation(sums[r][c] + bias[c]); sums' rows are panels of `ck_panel_columns`. GELU by erf is that of a
    /// polynomial, |error| < 2e-4.
    void (*finish_sums)(float *y, size_t y_stride, const float *sums, size_t count, size_t columns, const float *bias,
                        ck_activation activation);

    /// The same for sums of products of bytes, rows[r] telling those of the left operand:
    /// activation((sums[r][c] · scales[c] - zero · offsets[c]) · scale + bias[c])
    void (*finish_int8_sums)(float *y, size_t y_stride, const int32_t *sums, size_t count, size_t columns,
                             const float *bias, const float *scales, const float *offsets, const ck_row_scale *rows,
                             ck_activation activation);

    /// out[r] = 2^(scale · (rows[r] - max(rows[r]))) in bfloat16, for a scale above 0, relative error < 1e-4 before the
    /// rounding; zeros after the width up to `out_stride` bytes;  inverse_sum[r] = 1 / Σ out[r]. The rows' stride has room
    /// for whole vectors.
    void (*exp2_rows)(void *out, size_t out_stride, const float *rows, size_t count, size_t width, size_t stride,
                      float scale, float *inverse_sum);

    /// The same of sums of byte products, to bytes from 0 to `levels`. The scores are
    ///
    ///     s[r][c] = (rows[r][c] · column_scales[c] - scales[r].zero · offsets[c]) · scales[r].scale
    ///     out[r] = round(levels · 2^(scale · (s[r] - max(s[r]))))
    ///
    /// where `rows` holds int32 and is overwritten; then scales[r] = (1 / Σ out[r], 0). `column_scales` and `offsets` have
    /// room for whole vectors too.
    void (*exp2_byte_rows)(void *out, size_t out_stride, ck_row_scale *scales, float *rows, size_t count, size_t width,
                           size_t stride, const float *column_scales, const float *offsets, float scale, int levels);

    /// One panel [groups][32] of the bytes of at most 32 columns of x [inner, columns], as the right operand of a product:
    /// column c ≈ scales[c] · bytes, from -127 to 127, zero beyond `inner` and `columns`.
    void (*pack_signed_columns)(void *panel, float *scales, const float *x, size_t x_stride, size_t columns,
                                size_t inner, size_t groups);

    /// Drops out `count` elements, the first of which is element `first` of its matrix.
    void (*drop_out)(float *x, size_t count, size_t first, ck_dropout dropout);

    /// y = activation(x)
    void (*gelu)(float *y, const float *x, size_t count);
    void (*gelu_tanh)(float *y, const float *x, size_t count);
    void (*relu)(float *y, const float *x, size_t count);

    /// dy *= activation'(x)
    void (*gelu_backward)(float *dy, const float *x, size_t count);
    void (*gelu_tanh_backward)(float *dy, const float *x, size_t count);
    void (*relu_backward)(float *dy, const float *x, size_t count);

    /// x = drop_out(x) + residual;  y = layer_norm(x) · gamma + beta;  statistics[r] = (mean, 1 / deviation) of x's row.
    /// Rows lie without gaps; `residual` may be null; x[0] is element `first` of its matrix.
    void (*residual_norm)(float *x, const float *residual, size_t count, size_t width, size_t first,
                          ck_dropout dropout, const float *gamma, const float *beta, float epsilon, float *y,
                          float *statistics);

    /// dx = the gradient by a layer norm's input x, dropped = drop_out(dx), both gradients of parameters added to.
    /// `dx` may be dy; `dropped` may be null.
    void (*norm_backward)(const float *dy, const float *x, const float *statistics, size_t count, size_t width,
                          const float *gamma, float *dx, float *dropped, size_t first, ck_dropout dropout,
                          float *gamma_gradient, float *beta_gradient);

    /// out[i] += scale · x[i]
    void (*add_scaled)(float *out, const float *x, float scale, size_t count);

    /// out[c] += Σ_r rows[r][c]
    void (*add_rows)(float *out, const float *rows, size_t count, size_t width, size_t stride);

    /// out[targets[r]][c] += rows[r][c], row after row; both of `stride`.
    void (*scatter_add_rows)(float *out, const float *rows, const int32_t *targets, size_t count, size_t width,
                             size_t stride);

    /// Σ x[i]², to float32's precision for some thousands of elements.
    double (*sum_of_squares)(const float *x, size_t count);

    /// average += share · (x - average)
    void (*move_average)(float *average, const float *x, float share, size_t count);

    /// Moments and value after one step, from the gradient.
    void (*adamw)(float *value, const float *gradient, float *first, float *second, size_t count, const ck_adamw *step);

    /// One row's step of a gated recurrent unit. `input` and `recurrent`, what the row's own vector and its previous state
    /// are projected to, and the latter's `bias` hold `width` numbers each for r, z and n:
    ///
    ///     r = σ(input_r + recurrent_r + bias_r);  z = σ(input_z + recurrent_z + bias_z)
    ///     m = recurrent_n + bias_n;  n = tanh(input_n + r · m);  state = (1 - z) · n + z · previous
    ///
    /// `gates` is left r, z, n and m.
    void (*gru_step)(float *state, float *gates, const float *input, const float *recurrent, const float *bias,
                     const float *previous, size_t width);

    /// From the gradient by the state, those by `input` and by `recurrent`; `gradient` becomes the part of the gradient by
    /// `previous` that does not come through `recurrent`.
    void (*gru_step_backward)(float *gradient, float *input_gradient, float *recurrent_gradient, const float *gates,
                              const float *previous, size_t width);
} ck_table;

/// Every table this processor can run, fastest first, ending in null.
const ck_table *const *ck_available(void);

/// Rows of a left operand's panel of bfloat16 pairs.
enum { ck_pair_rows = 12 };

/// The side of a product that an operand is packed for.
typedef enum { ck_left, ck_right } ck_side;

/// Products of bfloat16 operands, summed in float32. A pair is two neighbours along the summed dimension, rounded from
/// float32 to the nearest even, the first in the low half of four bytes; zero completes the last pair of an odd dimension.
/// A right operand is packed in panels [⌈columns / 32⌉][⌈inner / 2⌉][32] of pairs, the last one padded with zeros
/// (32 is `ck_panel_columns`). The layout of a left operand is the table's own; it takes `rows` rounded up to a multiple of
/// `left_rows`, times ⌈inner / 2⌉ rounded up to a multiple of `left_pairs`, pairs.
typedef struct {
    /// The instruction set.
    const char *name;

    /// Multiples that the size of a packed left operand is rounded up to.
    size_t left_rows, left_pairs;

    /// Packs the `rows` rows of x [rows, inner].
    void (*pack_rows)(void *packed, ck_side side, const float *x, size_t x_stride, size_t rows, size_t inner);

    /// Packs the `columns` columns of x [inner, columns].
    void (*pack_columns)(void *packed, ck_side side, const float *x, size_t x_stride, size_t columns, size_t inner);

    /// y[r][c] = Σ_k left[r][k] · right[k][c], or that added to y.
    void (*product)(float *y, size_t y_stride, const void *left, size_t rows, const void *right, size_t columns,
                    size_t inner, bool accumulate);
} ck_bfloat16_table;

/// Every such table this processor can run, fastest first, ending in null; the last one needs no special instructions.
const ck_bfloat16_table *const *ck_bfloat16_available(void);

/// What the operands of a narrow product are.
typedef enum {
    /// bfloat16 on both sides, two of them in a group; sums in float32.
    ck_bfloat16,
    /// Unsigned bytes on the left and signed ones on the right, four of them in a group; sums in int32.
    ck_int8,
} ck_operand;

/// Narrow products of one instruction set. Both operands are read in groups of four bytes along the summed dimension, zeros
/// completing the last: the left one lies row after row, the right one in panels [groups][32].
typedef struct {
    const char *name;
    ck_operand operand;
    /// The largest left byte that cannot make the products' sums overflow.
    int levels;
    /// Whether it is faster than float32 on the processors that have it.
    bool is_fast;
    /// Rows that are summed together, at most 32.
    size_t tile_rows;
    /// Groups that are read together: their number must be a multiple of it, which 16 is for all.
    size_t tile_groups;

    /// y[r][c] = Σ_g x[r][g] · panels[c / 32][g][c % 32] for whole panels of columns, as float or int32. `x_stride` is in
    /// bytes.
    void (*sums)(void *y, size_t y_stride, const void *x, size_t x_stride, size_t rows, const void *panels,
                 size_t columns, size_t groups);
} ck_narrow_table;

/// Every such table this processor can run, ending in null; of each operand the fastest comes first, and what needs no
/// special instructions last.
const ck_narrow_table *const *ck_narrow_available(void);

/// The right factor of a product and what is added to it. `scales` and `offsets` are those of an int8 one.
typedef struct {
    const void *panels;
    const float *bias;
    const float *scales;
    const float *offsets;
    size_t groups, columns;
} ck_narrow_factor;

/// The panels of w [outer, inner], for products with wᵀ, by way of one row's 4 · `groups` bytes. int8: w[r] ≈ scales[r] ·
/// bytes, and offsets[r] is Σ of that. What completes the last panel is left as it was.
void ck_narrow_pack(ck_operand operand, const ck_table *kernels, void *panels, float *scales, float *offsets, void *row,
                    const float *w, size_t w_stride, size_t outer, size_t inner, size_t groups);

/// y = activation(x · factor + bias) for narrow rows x; `row_scales` are those of bytes.
void ck_narrow_product(const ck_narrow_table *narrow, const ck_table *kernels, float *y, size_t y_stride, const void *x,
                       size_t x_stride, const ck_row_scale *row_scales, size_t rows, const ck_narrow_factor *factor,
                       ck_activation activation);

/// `cblas_sgemm` of the CBLAS interface, its enumerations by their numbers: 101 for row-major, 111 for a factor as it is
/// stored and 112 for its transpose.
typedef void ck_sgemm(int order, int left, int right, int m, int n, int k, float alpha, const float *a, int lda,
                      const float *b, int ldb, float beta, float *c, int ldc);

/// What is used of OpenBLAS.
typedef struct {
    /// On the calling thread alone.
    ck_sgemm *sgemm;
    /// Version, options and the kernels it chose for this processor.
    const char *configuration;
} ck_blas;

/// Loads OpenBLAS, to be called once; null where it is not installed.
const ck_blas *ck_load_openblas(void);

/// The processors of this process's affinity mask.
int ck_allowed_processors(void);

/// Asks for the beginning of a row that is read soon: rows of one head lie far apart, and each would be waited for.
static inline void ck_fetch_row(const float *row) {
    __builtin_prefetch(row);
    __builtin_prefetch(row + 16);
}

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

/// The same for 16-bit values, whose exponents are the bits of `exponent`.
size_t ck_first_not_finite_half(const void *values, size_t count, uint16_t exponent);

/// The panels of `scale` · w, for `rows` rows of `inner`: panels[r / 32][k][r % 32], the last padded with zeros.
void ck_pack_rows(float *panels, const float *w, size_t rows, size_t inner, size_t stride, float scale);

/// The panels of wᵀ, for `inner` rows of `columns`: panels[c / 32][k][c % 32], the last padded with zeros.
void ck_pack_columns(float *panels, const float *w, size_t columns, size_t inner, size_t stride);
