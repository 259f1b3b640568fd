/* The runner of the agent's own tests: each a function, told by its name. */
#ifndef BIRTHMARK_TEST_RUNNER_H
#define BIRTHMARK_TEST_RUNNER_H

#include <stdbool.h>

/* Fails the test that runs, and says where. */
void expect_at(bool held, const char *what, const char *file, int line);
#define EXPECT(what) expect_at((what), #what, __FILE__, __LINE__)

struct test {
  const char *name;
  void (*run)(void);
};

/* Ends with a row without a name. */
extern const struct test frame_tests[];
extern const struct test cbor_tests[];
extern const struct test hash_tests[];
extern const struct test memory_tests[];
extern const struct test unit_tests[];

#endif
