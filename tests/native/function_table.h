/* The address of every function of mtl.h, taken from C. */
#ifndef MTL_TESTS_FUNCTION_TABLE_H
#define MTL_TESTS_FUNCTION_TABLE_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct declared_function {
  const char* name;
  void (*address)(void);
} declared_function;

/* Ends with a NULL name. */
extern const declared_function declared_functions[];

#ifdef __cplusplus
}
#endif

#endif
