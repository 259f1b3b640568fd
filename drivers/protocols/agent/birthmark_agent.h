/* The unit's side of uart-v1 (../uart-v1.md), for firmware. There is one agent in a device; none of this is called from an interrupt. */
#ifndef BIRTHMARK_AGENT_H
#define BIRTHMARK_AGENT_H

#include "core/limits.h"

/* At power-on: reads what is kept, and erases what a power cut left half done. False when the memory cannot be read or erased. */
bool bm_start(void);

/* Takes any piece of what arrives on the line, and answers by bm_port_write. */
void bm_receive(const uint8_t *bytes, size_t length);

/* Whether a credential is in force and locked: firmware may close the line then. */
bool bm_is_locked(void);

/* What the firmware itself connects with. Copies; the caller zeroes a key. All answer false when there is no such thing, when it
 * does not fit, or when the memory does not hold it any more. */
enum bm_text { BM_ID_SCOPE, BM_ENDPOINT, BM_REGISTRATION_ID };
bool bm_provisioned_text(enum bm_text which, char *text, size_t size);
bool bm_key_in_force(uint8_t *key, size_t size, size_t *length);
bool bm_chain_in_force(uint8_t *chain, size_t size, size_t *length);

#if BM_WITH_CERTIFICATES
/* Puts a key and its chain (PEM) in force in a memory that was never used, as the unit's maker does: its own certificate. False in
 * any other memory, and for a pair that does not belong together. */
bool bm_equip(const uint8_t *key, size_t key_length, const uint8_t *chain, size_t chain_length);
#endif

#endif
