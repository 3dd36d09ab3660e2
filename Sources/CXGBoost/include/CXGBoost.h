#pragma once

#include <stdint.h>

/// A handle to a matrix or an ensemble of trees in the library.
typedef void *cx_handle;

/// The functions used from xgboost's C interface (https://xgboost.readthedocs.io/en/release_1.7.0/c.html). Each field
/// with another name states the function it stands for. Functions return 0 on success, or -1 and set the message that
/// `last_error` returns. Arrays are passed as JSON in the form of numpy's __array_interface__.
typedef struct {
    void (*version)(int *major, int *minor, int *patch);
    const char *(*last_error)(void);
    /// XGBSetGlobalConfig
    int (*configure)(const char *configuration);
    /// XGDMatrixCreateFromCSR
    int (*matrix_of_rows)(const char *starts, const char *places, const char *values, uint64_t columns,
                          const char *configuration, cx_handle *matrix);
    /// XGDMatrixSetInfoFromInterface
    int (*matrix_set)(cx_handle matrix, const char *field, const char *values);
    int (*matrix_free)(cx_handle matrix);
    /// XGBoosterCreate
    int (*booster_create)(const cx_handle *matrices, uint64_t count, cx_handle *booster);
    int (*booster_free)(cx_handle booster);
    int (*booster_set)(cx_handle booster, const char *name, const char *value);
    /// XGBoosterUpdateOneIter
    int (*booster_update)(cx_handle booster, int round, cx_handle matrix);
    /// XGBoosterEvalOneIter
    int (*booster_evaluate)(cx_handle booster, int round, cx_handle *matrices, const char **names, uint64_t count,
                            const char **result);
    /// XGBoosterSlice
    int (*booster_slice)(cx_handle booster, int first, int end, int step, cx_handle *slice);
    /// XGBoosterGetNumFeature
    int (*booster_columns)(cx_handle booster, uint64_t *columns);
    /// XGBoosterPredictFromDMatrix
    int (*booster_predict)(cx_handle booster, cx_handle matrix, const char *configuration, const uint64_t **shape,
                           uint64_t *dimensions, const float **result);
    /// XGBoosterSaveModelToBuffer
    int (*booster_save)(cx_handle booster, const char *configuration, uint64_t *count, const char **bytes);
    /// XGBoosterLoadModelFromBuffer
    int (*booster_load)(cx_handle booster, const void *bytes, uint64_t count);
} cx_library;

/// Loads libxgboost. Call it only once. Returns NULL if libxgboost is not installed or lacks a function, as versions
/// before 1.7 do.
const cx_library *cx_load(void);
