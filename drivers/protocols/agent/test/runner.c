#include "runner.h"

#include <stdio.h>

static bool failed;

void expect_at(bool held, const char *what, const char *file, int line) {
  if (held) return;
  failed = true;
  printf("  %s:%d: expected %s\n", file, line, what);
}

int main(void) {
  const struct test *const all[] = {frame_tests, cbor_tests, hash_tests, memory_tests, unit_tests};
  int bad = 0;
  for (unsigned group = 0; group < sizeof all / sizeof all[0]; group += 1) {
    for (const struct test *test = all[group]; test->name != NULL; test += 1) {
      failed = false;
      test->run();
      printf("%s %s\n", failed ? "BAD" : "ok ", test->name);
      if (failed) bad += 1;
    }
  }
  return bad == 0 ? 0 : 1;
}
