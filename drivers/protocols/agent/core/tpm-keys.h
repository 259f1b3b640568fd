/* The keys of the unit's TPM that something can be sealed to. */
#ifndef BIRTHMARK_TPM_KEYS_H
#define BIRTHMARK_TPM_KEYS_H

#include "agent.h"
#include "tpm-wire.h"

#if BM_WITH_TPM

/* What a primary key is made from. */
struct bm_tpm_template {
  uint16_t type;
  uint16_t name_algorithm;
  uint32_t attributes;
  const uint8_t *policy;
  uint16_t policy_length;
  uint16_t aes_bits;
  uint16_t curve;  /* 0 for RSA-2048 */
  uint16_t unique; /* length of each of its parts, which are zeros */
};

#define BM_ENDORSEMENTS 5
extern const struct bm_tpm_template bm_endorsement_templates[BM_ENDORSEMENTS];
extern const struct bm_tpm_template bm_activation_template;
extern const uint8_t bm_policy_a_256[32];
extern const uint8_t bm_policy_a_384[48];
extern const uint8_t bm_policy_b_256[32];
extern const uint8_t bm_policy_b_384[48];
extern const uint8_t bm_policy_c_256[32];
extern const uint8_t bm_policy_c_384[48];

struct bm_tpm_key {
  uint32_t handle;
  bool passing; /* made for this one delivery */
  uint16_t name_algorithm;
  uint16_t policy_length;
  uint8_t policy[48];
};

/* The key of that Name: loaded, persistent, or made again by one of the templates. */
enum bm_tpm_said bm_tpm_find(struct bm_agent *agent, const struct bm_value *name, const struct bm_tpm_template *templates,
                             size_t count, struct bm_tpm_key *key);
/* TPM2_ActivateCredential: the 32 bytes that are in the credential. */
enum bm_tpm_said bm_tpm_activate(struct bm_agent *agent, const struct bm_tpm_key *endorsement,
                                 const struct bm_tpm_key *activation, const struct bm_value sealed[BM_KEYS],
                                 uint8_t secret[32]);
/* Flushes a key that was made for this. False when the TPM is silent. */
bool bm_tpm_leave(struct bm_agent *agent, const struct bm_tpm_key *key);

#endif

#endif
