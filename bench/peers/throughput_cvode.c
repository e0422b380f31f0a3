/* Patients per second of SUNDIALS CVODE (BDF, Newton) with the analytic Jacobian of the same expression graph.
   Arguments: patients file, how many, relative tolerance, "dense" or "klu", repeats, states file (output). */
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunmatrix/sunmatrix_sparse.h>
#include <time.h>

extern const int n_states, n_params, n_entries, n_rows, columns[], row_of[];
extern const double t_end;
void prepare(const double *p);
void rhs(double t, const double *y, double *out);
void jacobian(double t, const double *y, double *out);

static double *entries;

static int f(sunrealtype t, N_Vector y, N_Vector dy, void *user) {
  (void)user;
  rhs(t, N_VGetArrayPointer(y), N_VGetArrayPointer(dy));
  return 0;
}

static int jac(sunrealtype t, N_Vector y, N_Vector fy, SUNMatrix J, void *user, N_Vector a, N_Vector b, N_Vector c) {
  (void)fy; (void)user; (void)a; (void)b; (void)c;
  if (SUNMatGetID(J) == SUNMATRIX_SPARSE) {
    for (int j = 0; j <= n_states; j++) SUNSparseMatrix_IndexPointers(J)[j] = columns[j];
    for (int k = 0; k < n_entries; k++) SUNSparseMatrix_IndexValues(J)[k] = row_of[k];
    jacobian(t, N_VGetArrayPointer(y), SUNSparseMatrix_Data(J));
    return 0;
  }
  SUNMatZero(J);
  jacobian(t, N_VGetArrayPointer(y), entries);
  for (int j = 0; j < n_states; j++)
    for (int k = columns[j]; k < columns[j + 1]; k++) SUNDenseMatrix_Column(J, j)[row_of[k]] = entries[k];
  return 0;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  int patients = atoi(argv[2]), repeats = atoi(argv[5]), sparse = !strcmp(argv[4], "klu");
  double rtol = atof(argv[3]);
  size_t each = (size_t)(n_states + n_params);
  double *input = malloc(sizeof(double) * each * patients);
  double *states = malloc(sizeof(double) * n_states * n_rows * (size_t)patients);
  entries = malloc(sizeof(double) * n_entries);
  FILE *file = fopen(argv[1], "rb");
  if (!file || fread(input, sizeof(double), each * patients, file) != each * patients) return 2;
  fclose(file);
  SUNContext context;
  SUNContext_Create(SUN_COMM_NULL, &context);
  N_Vector y = N_VNew_Serial(n_states, context);
  void *cv = CVodeCreate(CV_BDF, context);
  memcpy(N_VGetArrayPointer(y), input, sizeof(double) * n_states);
  prepare(input + n_states);
  CVodeInit(cv, f, 0, y);
  CVodeSStolerances(cv, rtol, rtol * 1e-3);
  CVodeSetMaxNumSteps(cv, 1000000);
  SUNMatrix J = sparse ? SUNSparseMatrix(n_states, n_states, n_entries + n_states, CSC_MAT, context)
                       : SUNDenseMatrix(n_states, n_states, context);
  SUNLinearSolver solver = sparse ? SUNLinSol_KLU(y, J, context) : SUNLinSol_Dense(y, J, context);
  CVodeSetLinearSolver(cv, solver, J);
  CVodeSetJacFn(cv, jac);
  double best = 1e300;
  long steps = 0, total = 0;
  for (int run = 0; run < repeats; run++) {
    double start = now();
    total = 0;
    for (int i = 0; i < patients; i++) {
      const double *data = input + each * i;
      double *out = states + (size_t)i * n_rows * n_states, t;
      memcpy(N_VGetArrayPointer(y), data, sizeof(double) * n_states);
      memcpy(out, data, sizeof(double) * n_states);
      prepare(data + n_states);
      CVodeReInit(cv, 0, y);
      for (int row = 1; row < n_rows; row++) {
        if (CVode(cv, t_end * row / (n_rows - 1), y, &t, CV_NORMAL) < 0) return 1;
        memcpy(out + (size_t)row * n_states, N_VGetArrayPointer(y), sizeof(double) * n_states);
      }
      CVodeGetNumSteps(cv, &steps);
      total += steps;
    }
    double taken = (now() - start) / patients;
    if (taken < best) best = taken;
  }
  file = fopen(argv[6], "wb");
  fwrite(states, sizeof(double), n_states * (size_t)n_rows * patients, file);
  fclose(file);
  printf("%g\t%.6e\t%.1f\n", rtol, best, (double)total / patients);
  return 0;
}
