/* The unit's TPM 2.0: the station's commands carried to it, and what is sealed to it opened (TPM 2.0 Library Specification, parts 1
 * to 3; TCG EK Credential Profile 2.5, appendix B). */
#include "agent.h"
#include "bytes.h"
#include "tpm-keys.h"

#if BM_WITH_TPM

enum bm_refusal bm_tpm(struct bm_agent *agent, const struct bm_value *asks) {
  uint8_t *const response = agent->tpm_response;
  size_t length = 0;
  if (!bm_port_tpm(asks[2].bytes, asks[2].length, response, BM_TPM, &length)) return BM_NO_TPM;
  if (length > BM_TPM) return BM_TOO_LONG;
  if (length < BM_TPM_HEADER) return BM_NO_TPM;
  bm_answer(agent, 1);
  bm_write_uint(&agent->out, 2);
  bm_write_bytes(&agent->out, response, length);
  bm_zero(response, length);
  return BM_OK;
}

enum bm_refusal bm_open_sealed(struct bm_agent *agent, uint16_t *length) {
  static const struct bm_field fields[] = {
      {0, BM_BYTES, false, 34, 66}, {1, BM_BYTES, false, 34, 66}, {2, BM_BYTES, false, 4, 256},
      {3, BM_BYTES, false, 4, 514}, {4, BM_BYTES, false, 12, 12}, {5, BM_BYTES, false, BM_TAG, 16384}};
  struct bm_value sealed[BM_KEYS];
  uint8_t key[32];
  if (bm_read_map(agent->work, *length, fields, 6, 0, sealed) != BM_READ) return BM_NOT_OPENED;
  const enum bm_refusal refusal = bm_activate(agent, sealed, key);
  uint8_t *const text = agent->work + (sealed[5].bytes - agent->work);
  const bool opened = refusal == BM_OK && bm_open_envelope(agent, key, sealed[4].bytes, text, sealed[5].length);
  bm_zero(key, sizeof key);
  if (!opened) return refusal == BM_OK ? BM_NOT_OPENED : refusal;
  *length = (uint16_t)(sealed[5].length - BM_TAG);
  bm_move(agent->work, text, *length);
  return BM_OK;
}

/* Whatever the TPM gave out is gone from the exchange with it. */
enum bm_refusal bm_activate(struct bm_agent *agent, const struct bm_value sealed[BM_KEYS], uint8_t key[32]) {
  struct bm_tpm_key endorsement;
  struct bm_tpm_key activation;
  enum bm_tpm_said said = bm_tpm_find(agent, &sealed[0], bm_endorsement_templates, BM_ENDORSEMENTS, &endorsement);
  if (said == BM_TPM_DONE) {
    said = bm_tpm_find(agent, &sealed[1], &bm_activation_template, 1, &activation);
    if (said == BM_TPM_DONE) {
      said = bm_tpm_activate(agent, &endorsement, &activation, sealed, key);
      if (!bm_tpm_leave(agent, &activation)) said = BM_TPM_SILENT;
    }
    if (!bm_tpm_leave(agent, &endorsement)) said = BM_TPM_SILENT;
  }
  bm_zero(agent->tpm_command, sizeof agent->tpm_command);
  bm_zero(agent->tpm_response, sizeof agent->tpm_response);
  if (said == BM_TPM_SILENT) return BM_NO_TPM;
  return said == BM_TPM_DONE ? BM_OK : BM_NOT_OPENED;
}

#endif
