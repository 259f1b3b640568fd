/* What main.c gives the port of this computer. */
#ifndef BIRTHMARK_HOST_PORT_H
#define BIRTHMARK_HOST_PORT_H

#include "../birthmark_agent.h"

struct host {
  struct bm_facts facts;
  int line;          /* whoever is connected, or -1 */
  int memory;        /* the file that is the flash */
  unsigned steps;    /* writes and erases until now */
  unsigned cut_after; /* the power is gone in the middle of this one; 0: never */
  unsigned tpm_port; /* of this machine; 0: nothing answers */
  const char *files; /* the folder that paths begin in */
};

extern struct host host;

/* Opens the file, or makes one that is erased. False with errno. */
bool host_open_memory(const char *path);

/* What the process ends with where its power is cut. */
#define HOST_CUT 42

#endif
