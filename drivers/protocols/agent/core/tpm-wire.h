/* Commands to a TPM and its responses, as bytes (TPM 2.0 Library Specification, part 1, 18). */
#ifndef BIRTHMARK_TPM_WIRE_H
#define BIRTHMARK_TPM_WIRE_H

#include "agent.h"

#if BM_WITH_TPM

enum bm_tpm_number {
  NO_SESSIONS = 0x8001,
  SESSIONS = 0x8002,
  CREATE_PRIMARY = 0x131,
  ACTIVATE_CREDENTIAL = 0x147,
  POLICY_SECRET = 0x151,
  FLUSH_CONTEXT = 0x165,
  POLICY_OR = 0x171,
  READ_PUBLIC = 0x173,
  START_AUTH_SESSION = 0x176,
  GET_CAPABILITY = 0x17a,
  ALGORITHM_RSA = 1,
  ALGORITHM_AES = 6,
  ALGORITHM_SHA256 = 0x0b,
  ALGORITHM_SHA384 = 0x0c,
  ALGORITHM_NULL = 0x10,
  ALGORITHM_ECC = 0x23,
  ALGORITHM_CFB = 0x43,
};

/* No answer, or none of a TPM; a refusal, or what was looked for is not there; done. */
enum bm_tpm_said { BM_TPM_SILENT, BM_TPM_REFUSED, BM_TPM_DONE };

/* A command that is being written. Its longest, TPM2_ActivateCredential, has 810 bytes. */
struct bm_tpm_command {
  uint8_t *bytes;
  size_t length;
};

/* A response, read from its front. */
struct bm_tpm_response {
  const uint8_t *at;
  size_t left;
};

struct bm_tpm_command bm_tpm_begin(struct bm_agent *agent, uint16_t tag, uint32_t code);
void bm_tpm_put8(struct bm_tpm_command *command, uint8_t value);
void bm_tpm_put16(struct bm_tpm_command *command, uint16_t value);
void bm_tpm_put32(struct bm_tpm_command *command, uint32_t value);
void bm_tpm_put(struct bm_tpm_command *command, const uint8_t *bytes, size_t length);
void bm_tpm_put_zeros(struct bm_tpm_command *command, size_t length);
/* Handles of sessions that authorise, with empty passwords; each ends with its command. */
void bm_tpm_put_sessions(struct bm_tpm_command *command, const uint32_t *sessions, size_t count);

/* Sends it, again where the TPM asks for that; what follows the header of a good response. */
enum bm_tpm_said bm_tpm_ask(struct bm_agent *agent, struct bm_tpm_command *command, struct bm_tpm_response *response);
bool bm_tpm_take(struct bm_tpm_response *response, size_t length, const uint8_t **bytes);
bool bm_tpm_take32(struct bm_tpm_response *response, uint32_t *value);
/* A TPM2B: its size, and its bytes. */
bool bm_tpm_take_sized(struct bm_tpm_response *response, struct bm_tpm_response *inside);

#endif

#endif
