#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: - Shared types

/// Columns of one panel of a packed right operand.
enum { ck_panel_columns = 32 };

/// A dropout mask and the factor of the elements that it keeps.
///
/// A hash of the element's row-major index (modulo 2^32) and the key decides whether the element is kept. No mask is
/// stored. A threshold of 0 keeps every element.
typedef struct {
    uint32_t key_low, key_high;
    /// The dropout probability times 2^24.
    int32_t threshold;
    /// Factor of the kept elements: 1 / (1 - probability).
    float scale;
} ck_dropout;

/// The constants of one AdamW step, in the form in which the kernel uses them.
typedef struct {
    /// Factor of the gradient, applied before anything else.
    float gradient_scale;
    float beta1, beta2;
    /// 1 / √(1 - beta2^t), the factor of the second moment's square root.
    float root_scale;
    float epsilon;
    /// Learning rate / (1 - beta1^t).
    float rate;
    /// 1 - learning rate · weight decay, the factor of the old value.
    float keep;
} ck_adamw;

/// The elementwise function after a linear layer. `ck_gelu` uses erf, `ck_gelu_tanh` tanh.
typedef enum { ck_identity, ck_gelu, ck_gelu_tanh, ck_relu } ck_activation;

/// The affine scale of one row of unsigned bytes: byte q stands for scale · (q - zero).
typedef struct {
    float scale;
    int32_t zero;
} ck_row_scale;

// MARK: - Vector kernels

/// The vector kernels of one instruction set.
///
/// Matrices are row-major float32 unless stated otherwise. A stride is the distance between the starts of two
/// consecutive rows, in elements. Every function may be called from any thread.
typedef struct {
    /// Name of the instruction set, as shown in the log and in /info.
    const char *name;

    // MARK: Matrix multiplication in float32
    // The right operand is packed with ck_pack_rows or ck_pack_columns; the last panel is padded with zeros.
    // Neither operand is copied.

    /// Multiplies x [count, inner] by the packed right operand: y [count, columns] is overwritten.
    ///
    ///     y[r][c] = Σ_k x[r][k] · panels[c / 32][k][c % 32]
    void (*product)(float *y, size_t y_stride, const float *x, size_t x_stride, size_t count, const float *panels,
                    size_t inner, size_t columns);

    /// Multiplies x [count, inner] by the packed right operand and adds the result to y [count, columns].
    ///
    ///     y[r][c] += Σ_k x[r][k] · panels[c / 32][k][c % 32]
    void (*add_product)(float *y, size_t y_stride, const float *x, size_t x_stride, size_t count, const float *panels,
                        size_t inner, size_t columns);

    /// Multiplies xᵀ by the packed right operand and adds the result to y [count, columns]; x is [inner, count].
    ///
    ///     y[r][c] += Σ_k x[k][r] · panels[c / 32][k][c % 32]
    void (*product_of_transpose_add)(float *y, size_t y_stride, const float *x, size_t x_stride, size_t count,
                                     const float *panels, size_t inner, size_t columns);

    // MARK: Bias and activation

    /// Adds the bias to every row: rows[r][c] += bias[c].
    void (*bias)(float *rows, size_t count, size_t width, size_t stride, const float *bias);

    /// Adds the bias and applies GELU: x = rows[r][c] + bias[c];  rows[r][c] = x · Φ(x). Φ is computed from erf;
    /// |error| < 1e-6 · max(1, |x|).
    void (*bias_gelu)(float *rows, size_t count, size_t width, size_t stride, const float *bias);

    /// Adds the bias and applies GELU with Φ approximated by tanh, as in Hugging Face's `gelu_new` and
    /// `gelu_pytorch_tanh`.
    void (*bias_gelu_tanh)(float *rows, size_t count, size_t width, size_t stride, const float *bias);

    /// Adds the bias and applies ReLU: rows[r][c] = max(rows[r][c] + bias[c], 0).
    void (*bias_relu)(float *rows, size_t count, size_t width, size_t stride, const float *bias);

    /// Computes y = activation(x), elementwise; y may be x.
    void (*gelu)(float *y, const float *x, size_t count);
    void (*gelu_tanh)(float *y, const float *x, size_t count);
    void (*relu)(float *y, const float *x, size_t count);

    /// Multiplies a gradient by the activation's derivative: dy *= activation'(x), elementwise.
    void (*gelu_backward)(float *dy, const float *x, size_t count);
    void (*gelu_tanh_backward)(float *dy, const float *x, size_t count);
    void (*relu_backward)(float *dy, const float *x, size_t count);

    // MARK: Layer norm
    // The variance is the biased one: it divides by `width`.

    /// Computes rows[r] = layer_norm(rows[r] + bias + residual[r]) · gamma + beta in place. `rows` and `residual`
    /// share `stride`; `bias` and `residual` may be null.
    void (*bias_residual_norm)(float *rows, size_t count, size_t width, size_t stride, const float *bias,
                               const float *residual, const float *gamma, const float *beta, float epsilon);

    /// Computes the residual step in training: x = drop_out(x) + residual;  y = layer_norm(x) · gamma + beta.
    ///
    /// statistics[r] = (mean, 1 / deviation) of row r of x. Rows are contiguous. `residual` may be null. x[0] is
    /// element `first` of the matrix that the dropout mask covers.
    void (*residual_norm)(float *x, const float *residual, size_t count, size_t width, size_t first, ck_dropout dropout,
                          const float *gamma, const float *beta, float epsilon, float *y, float *statistics);

    /// Computes the gradients of `residual_norm`: dx with respect to the layer norm's input x, dropped = drop_out(dx),
    /// and the gradients of gamma and beta, which are added to. `dx` may be `dy`; `dropped` may be null.
    void (*norm_backward)(const float *dy, const float *x, const float *statistics, size_t count, size_t width,
                          const float *gamma, float *dx, float *dropped, size_t first, ck_dropout dropout,
                          float *gamma_gradient, float *beta_gradient);

    // MARK: Attention in float32

    /// Computes the exponentials of a softmax in place, without dividing them:
    ///
    ///     rows[r][c] = exp(rows[r][c] - max(rows[r]));  inverse_sum[r] = 1 / Σ_c rows[r][c]
    ///
    /// The caller multiplies by inverse_sum later, where there are fewer columns. `stride` must leave room for whole
    /// vectors (`width` rounded up to a multiple of 16 always does); the rest of a row's last vector becomes zero.
    void (*exp_rows)(float *rows, size_t count, size_t width, size_t stride, float *inverse_sum);

    /// Multiplies each row by its own factor: rows[r][c] *= factor[r].
    void (*scale_rows)(float *rows, size_t count, size_t width, size_t stride, const float *factor);

    /// Computes the dot product of each pair of rows: out[r] = Σ_c x[r][c] · y[r][c].
    void (*dot_rows)(float *out, const float *x, size_t x_stride, const float *y, size_t y_stride, size_t count,
                     size_t width);

    /// Computes the gradient of a softmax followed by dropout, in place.
    ///
    ///     p = rows[r][c] · inverse_sum[r]
    ///     gradients[r][c] = p · (drop_out(gradients[r][c]) - delta[r]) · scale;  rows[r][c] = drop_out(p)
    ///
    /// On entry, `rows` holds the exponentials from exp_rows and `gradients` the gradient with respect to the dropped
    /// probabilities. On return, `rows` holds the dropped probabilities and `gradients` the gradient with respect to
    /// the scores, times `scale`. delta[r] is Σ_c of the dropped probabilities times their gradients. `width` is also
    /// the stride and must be a multiple of 16. rows[0][0] is element `first` of its matrix.
    void (*softmax_backward)(float *rows, float *gradients, size_t count, size_t width, const float *inverse_sum,
                             const float *delta, float scale, size_t first, ck_dropout dropout);

    // MARK: Attention in bfloat16 and int8

    /// Computes the exponentials of a softmax as bfloat16, for a scale above 0:
    ///
    ///     out[r] = 2^(scale · (rows[r] - max(rows[r])));  inverse_sum[r] = 1 / Σ out[r]
    ///
    /// The relative error is below 1e-4 before rounding to bfloat16. Each output row is filled with zeros from
    /// `width` to `out_stride` bytes. `stride` must leave room for whole vectors.
    void (*exp2_rows)(void *out, size_t out_stride, const float *rows, size_t count, size_t width, size_t stride,
                      float scale, float *inverse_sum);

    /// Computes the exponentials of a softmax as bytes from 0 to `levels`, from int32 sums of byte products:
    ///
    ///     s[r][c] = (rows[r][c] · column_scales[c] - scales[r].zero · offsets[c]) · scales[r].scale
    ///     out[r] = round(levels · 2^(scale · (s[r] - max(s[r]))));  scales[r] = (1 / Σ out[r], 0)
    ///
    /// `rows` holds int32 on entry and is overwritten. `rows`, `column_scales` and `offsets` must leave room for whole
    /// vectors.
    void (*exp2_byte_rows)(void *out, size_t out_stride, ck_row_scale *scales, float *rows, size_t count, size_t width,
                           size_t stride, const float *column_scales, const float *offsets, float scale, int levels);

    // MARK: Operands and results of narrow matrix multiplications
    // Narrow means bfloat16 or int8. Output strides are in bytes; rows are filled with zeros up to the stride.

    /// Rounds rows to bfloat16, to nearest with ties to even.
    void (*round_rows)(void *out, size_t out_stride, const float *x, size_t x_stride, size_t count, size_t width);

    /// Quantises rows to bytes from 0 to `levels`: out[r] = round(x[r] / scale + zero), with scale and zero stored in
    /// scales[r]. The range runs from the smaller of 0 and the row's minimum to the larger of 0 and its maximum.
    void (*quantise_rows)(void *out, size_t out_stride, ck_row_scale *scales, const float *x, size_t x_stride,
                          size_t count, size_t width, int levels);

    /// Quantises `width` values to bytes from -127 to 127: out = round(x / scale), where 127 · scale is the largest
    /// magnitude. Returns the scale and stores the sum of the bytes in `sum`.
    float (*signed_bytes)(void *out, const float *x, size_t width, int32_t *sum);

    /// Quantises at most 32 columns of x [inner, columns] to bytes from -127 to 127 and packs them into one panel
    /// [groups][32] of a right operand: column c ≈ scales[c] · bytes. Values beyond `inner` and `columns` are zero.
    void (*pack_signed_columns)(void *panel, float *scales, const float *x, size_t x_stride, size_t columns,
                                size_t inner, size_t groups);

    /// Finishes a bfloat16 layer: y[r][c] = activation(sums[r][c] + bias[c]), for at most 32 columns. The stride of
    /// `sums` is `ck_panel_columns`. `ck_gelu` is approximated by a polynomial, |error| < 2e-4.
    void (*finish_sums)(float *y, size_t y_stride, const float *sums, size_t count, size_t columns, const float *bias,
                        ck_activation activation);

    /// Finishes an int8 layer, for at most 32 columns:
    ///
    ///     y[r][c] = activation((sums[r][c] · scales[c] - rows[r].zero · offsets[c]) · rows[r].scale + bias[c])
    ///
    /// `rows` holds the scales of the left operand's rows. The stride of `sums` is `ck_panel_columns`. `ck_gelu` is
    /// approximated by a polynomial, |error| < 2e-4.
    void (*finish_int8_sums)(float *y, size_t y_stride, const int32_t *sums, size_t count, size_t columns,
                             const float *bias, const float *scales, const float *offsets, const ck_row_scale *rows,
                             ck_activation activation);

    // MARK: Embedding and pooling

    /// Adds three embedding rows: out[c] = word[c] + position[c] + token_type[c].
    void (*add_three)(float *out, const float *word, const float *position, const float *token_type, size_t width);

    /// Averages rows: out[c] = mean over r of rows[r][c].
    void (*mean_rows)(float *out, const float *rows, size_t count, size_t width, size_t stride);

    /// Converts IEEE binary16, little-endian and possibly unaligned, to float32.
    void (*widen_float16)(float *out, const void *in, size_t count);

    // MARK: Dropout

    /// Drops out `count` elements in place; x[0] is element `first` of its matrix.
    void (*drop_out)(float *x, size_t count, size_t first, ck_dropout dropout);

    // MARK: Sums and gradients

    /// Adds scaled values: out[i] += scale · x[i].
    void (*add_scaled)(float *out, const float *x, float scale, size_t count);

    /// Adds up rows: out[c] += Σ_r rows[r][c].
    void (*add_rows)(float *out, const float *rows, size_t count, size_t width, size_t stride);

    /// Adds each row to its target row, in order: out[targets[r]][c] += rows[r][c]. Both matrices have `stride`.
    void (*scatter_add_rows)(float *out, const float *rows, const int32_t *targets, size_t count, size_t width,
                             size_t stride);

    /// Returns Σ x[i]². Partial sums are float32, so call it on blocks of a few thousand elements.
    double (*sum_of_squares)(const float *x, size_t count);

    // MARK: Optimiser

    /// Updates an exponential moving average: average += share · (x - average).
    void (*move_average)(float *average, const float *x, float share, size_t count);

    /// Updates the first and second moments and the value from the gradient, by one AdamW step.
    void (*adamw)(float *value, const float *gradient, float *first, float *second, size_t count, const ck_adamw *step);

    // MARK: Recurrence

    /// Computes one step of a gated recurrent unit for one row.
    ///
    ///     r = σ(input_r + recurrent_r + bias_r);  z = σ(input_z + recurrent_z + bias_z)
    ///     m = recurrent_n + bias_n;  n = tanh(input_n + r · m);  state = (1 - z) · n + z · previous
    ///
    /// `input` is the projected input and `recurrent` the projected previous state; they and `bias`, which belongs to
    /// `recurrent`, hold `width` values each for r, z and n. `gates` receives r, z, n and m, `width` values each.
    void (*gru_step)(float *state, float *gates, const float *input, const float *recurrent, const float *bias,
                     const float *previous, size_t width);

    /// Computes the gradients of `gru_step`. On entry, `gradient` is the gradient with respect to `state`. On return,
    /// it is the part of the gradient with respect to `previous` that does not pass through `recurrent`.
    void (*gru_step_backward)(float *gradient, float *input_gradient, float *recurrent_gradient, const float *gates,
                              const float *previous, size_t width);
} ck_table;

/// Returns the tables that this processor can run, fastest first, terminated by null.
const ck_table *const *ck_available(void);

// MARK: - Packing for float32 matrix multiplication

/// Packs `scale` · w, for w [rows, inner], as the right operand wᵀ: panels[r / 32][k][r % 32]. The last panel is padded
/// with zeros.
void ck_pack_rows(float *panels, const float *w, size_t rows, size_t inner, size_t stride, float scale);

/// Packs w [inner, columns] as a right operand: panels[c / 32][k][c % 32]. The last panel is padded with zeros.
void ck_pack_columns(float *panels, const float *w, size_t columns, size_t inner, size_t stride);

// MARK: - Matrix multiplication in bfloat16, for training

/// Rows of one panel of a packed left operand of bfloat16 pairs.
enum { ck_pair_rows = 12 };

/// The side of a matrix multiplication on which an operand stands.
typedef enum { ck_left, ck_right } ck_side;

/// Matrix multiplication of bfloat16 operands with float32 sums, for one instruction set.
///
/// Operands are stored as pairs of neighbours along the summed dimension. Each element is rounded from float32 to
/// nearest, ties to even; the first of a pair is in the low half of its four bytes. If the dimension is odd, zero
/// completes the last pair.
///
/// A right operand is packed as panels [⌈columns / 32⌉][⌈inner / 2⌉][32] of pairs, the last one padded with zeros. The
/// layout of a left operand depends on the table. Its size in pairs is `rows` rounded up to a multiple of `left_rows`,
/// times ⌈inner / 2⌉ rounded up to a multiple of `left_pairs`.
typedef struct {
    /// Name of the instruction set.
    const char *name;

    /// Multiples to which the size of a packed left operand is rounded up.
    size_t left_rows, left_pairs;

    /// Packs x [rows, inner] by rows.
    void (*pack_rows)(void *packed, ck_side side, const float *x, size_t x_stride, size_t rows, size_t inner);

    /// Packs x [inner, columns] by columns.
    void (*pack_columns)(void *packed, ck_side side, const float *x, size_t x_stride, size_t columns, size_t inner);

    /// Computes y[r][c] = Σ_k left[r][k] · right[k][c], or adds the sum to y if `accumulate` is true.
    void (*product)(float *y, size_t y_stride, const void *left, size_t rows, const void *right, size_t columns,
                    size_t inner, bool accumulate);
} ck_bfloat16_table;

/// Returns the bfloat16 tables that this processor can run, fastest first, terminated by null. The last one needs no
/// special instructions.
const ck_bfloat16_table *const *ck_bfloat16_available(void);

// MARK: - Matrix multiplication in bfloat16 and int8, for inference

/// The operand types of a narrow matrix multiplication.
typedef enum {
    /// bfloat16 on both sides, two values in a group; sums are float32.
    ck_bfloat16,
    /// Unsigned bytes on the left and signed bytes on the right, four values in a group; sums are int32.
    ck_int8,
} ck_operand;

/// Narrow matrix multiplication for one instruction set.
///
/// Both operands are read in groups of four bytes along the summed dimension; zeros complete the last group. The left
/// operand is stored row after row, the right one in panels [groups][32].
typedef struct {
    const char *name;
    ck_operand operand;
    /// The largest left byte with which the sums cannot overflow: 127 or 255; 0 for bfloat16.
    int levels;
    /// Whether it is faster than float32 on the processors that have it.
    bool is_fast;
    /// Rows that are summed together, at most 32.
    size_t tile_rows;
    /// Groups that are read together. The number of groups must be a multiple of it; 16 is a multiple for every table.
    size_t tile_groups;

    /// Computes y[r][c] = Σ_g x[r][g] · panels[c / 32][g][c % 32] for whole panels of columns, as float or int32.
    /// `x_stride` is in bytes, `y_stride` in elements.
    void (*sums)(void *y, size_t y_stride, const void *x, size_t x_stride, size_t rows, const void *panels,
                 size_t columns, size_t groups);
} ck_narrow_table;

/// Returns the narrow tables that this processor can run, terminated by null. For each operand type, the fastest comes
/// first and the one that needs no special instructions last.
const ck_narrow_table *const *ck_narrow_available(void);

/// The packed right operand of a narrow matrix multiplication and the bias. `scales` and `offsets` are used for int8
/// only.
typedef struct {
    const void *panels;
    const float *bias;
    const float *scales;
    const float *offsets;
    size_t groups, columns;
} ck_narrow_factor;

/// Packs w [outer, inner] as the right operand wᵀ.
///
/// `row` is scratch of 4 · `groups` bytes. For int8, w[r] ≈ scales[r] · bytes and offsets[r] = scales[r] · Σ bytes. The
/// padding of the last panel is not written.
void ck_narrow_pack(ck_operand operand, const ck_table *kernels, void *panels, float *scales, float *offsets, void *row,
                    const float *w, size_t w_stride, size_t outer, size_t inner, size_t groups);

/// Computes y = activation(x · factor + bias) for narrow rows x. `row_scales` holds the scales of int8 rows.
void ck_narrow_product(const ck_narrow_table *narrow, const ck_table *kernels, float *y, size_t y_stride, const void *x,
                       size_t x_stride, const ck_row_scale *row_scales, size_t rows, const ck_narrow_factor *factor,
                       ck_activation activation);

// MARK: - OpenBLAS

/// `cblas_sgemm` of the CBLAS interface. Its enumerations are passed as numbers: 101 for row-major order, 111 for an
/// operand as stored, 112 for its transpose.
typedef void ck_sgemm(int order, int left, int right, int m, int n, int k, float alpha, const float *a, int lda,
                      const float *b, int ldb, float beta, float *c, int ldc);

/// The parts of OpenBLAS that are used.
typedef struct {
    /// Runs on the calling thread only.
    ck_sgemm *sgemm;
    /// Version, build options and the kernels that OpenBLAS chose for this processor.
    const char *configuration;
} ck_blas;

/// Loads OpenBLAS and limits it to one thread. Call it once. Returns null if OpenBLAS is not installed.
const ck_blas *ck_load_openblas(void);

// MARK: - Processors and memory

/// Returns the number of processors in this process's affinity mask.
int ck_allowed_processors(void);

/// Prefetches the first 128 bytes of a row that is read soon. Rows of one attention head lie so far apart that the
/// processor would otherwise wait for each of them.
static inline void ck_fetch_row(const float *row) {
    __builtin_prefetch(row);
    __builtin_prefetch(row + 16);
}

/// Tells the processor that this thread is spinning, so that the wait takes little from its sibling thread and from the
/// power budget.
static inline void ck_spin_hint(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// MARK: - Conversions and checks of stored values

/// Converts bfloat16, little-endian and possibly unaligned, to float32.
void ck_widen_bfloat16(float *out, const void *in, size_t count);

/// Returns the index of the first value that is infinite or NaN, or `count` if there is none.
size_t ck_first_not_finite(const float *values, size_t count);

/// Returns the index of the first 16-bit value that is infinite or NaN, or `count` if there is none. `exponent` is the
/// mask of the format's exponent bits: 0x7c00 for binary16, 0x7f80 for bfloat16.
size_t ck_first_not_finite_half(const void *values, size_t count, uint16_t exponent);
