/* A port in working memory, whose dice always fall the same, and whose power can be cut at any byte. */
#ifndef BIRTHMARK_TEST_RAM_H
#define BIRTHMARK_TEST_RAM_H

#include <setjmp.h>

#include "../birthmark_agent.h"

struct ram {
  uint8_t flash[BM_FLASH_SIZE];
  uint8_t said[4096]; /* what the unit sent, as it stands on the line */
  size_t said_length;
  unsigned long written; /* bytes written and erased until now */
  unsigned long cut_at;  /* the power is gone with this one; 0: never */
  jmp_buf cut;           /* where the program goes on then */
  bool fails;            /* every write and erase is refused */
  uint32_t dice;         /* 0: random bytes are 5a, as in uart-v1.md's conversations */
};

extern struct ram ram;

/* Erased flash, a fresh unit. */
void ram_fresh(void);
/* Power on: what was in working memory is gone. */
void ram_boot(void);
/* A whole frame with this payload, and what the unit answers: the payload of its last frame, or nothing. */
size_t ram_ask(const uint8_t *payload, size_t length, uint8_t answer[1024]);
/* The next throw of seeded dice (xorshift32). */
uint32_t ram_throw(uint32_t *dice);
/* Bytes of a line of hex; the number of them. */
size_t ram_read_hex(const char *line, uint8_t *bytes, size_t size);

#endif
