#include "tpm-wire.h"

#include "bytes.h"

#if BM_WITH_TPM

enum { ASKINGS = 10 };

void bm_tpm_put8(struct bm_tpm_command *command, uint8_t value) { command->bytes[command->length++] = value; }

void bm_tpm_put16(struct bm_tpm_command *command, uint16_t value) {
  bm_put16be(command->bytes + command->length, value);
  command->length += 2;
}

void bm_tpm_put32(struct bm_tpm_command *command, uint32_t value) {
  bm_put32be(command->bytes + command->length, value);
  command->length += 4;
}

void bm_tpm_put(struct bm_tpm_command *command, const uint8_t *bytes, size_t length) {
  bm_copy(command->bytes + command->length, bytes, length);
  command->length += length;
}

void bm_tpm_put_zeros(struct bm_tpm_command *command, size_t length) {
  bm_fill(command->bytes + command->length, 0, length);
  command->length += length;
}

struct bm_tpm_command bm_tpm_begin(struct bm_agent *agent, uint16_t tag, uint32_t code) {
  struct bm_tpm_command command = {agent->tpm_command, 0};
  bm_tpm_put16(&command, tag);
  bm_tpm_put32(&command, 0);
  bm_tpm_put32(&command, code);
  return command;
}

void bm_tpm_put_sessions(struct bm_tpm_command *command, const uint32_t *sessions, size_t count) {
  bm_tpm_put32(command, (uint32_t)(9 * count));
  for (size_t at = 0; at < count; at += 1) {
    bm_tpm_put32(command, sessions[at]);
    bm_tpm_put_zeros(command, 5);
  }
}

/* TPM_RC_YIELDED, TPM_RC_TESTING and TPM_RC_RETRY (part 2, 6.6.3): the same command once more. */
static bool asks_again(uint32_t code) { return code == 0x908 || code == 0x90a || code == 0x922; }

enum bm_tpm_said bm_tpm_ask(struct bm_agent *agent, struct bm_tpm_command *command, struct bm_tpm_response *response) {
  const uint8_t *const said = agent->tpm_response;
  bm_put32be(command->bytes + 2, (uint32_t)command->length);
  for (int asking = 1;; asking += 1) {
    size_t length = 0;
    if (!bm_port_tpm(command->bytes, command->length, agent->tpm_response, BM_TPM, &length)) return BM_TPM_SILENT;
    if (length < BM_TPM_HEADER || length > BM_TPM || bm_get32be(said + 2) != length) return BM_TPM_SILENT;
    const uint16_t tag = bm_get16be(said);
    if (tag != NO_SESSIONS && tag != SESSIONS) return BM_TPM_SILENT;
    const uint32_t code = bm_get32be(said + 6);
    *response = (struct bm_tpm_response){said + BM_TPM_HEADER, length - BM_TPM_HEADER};
    if (code == 0) return BM_TPM_DONE;
    if (asking == ASKINGS || !asks_again(code)) return BM_TPM_REFUSED;
  }
}

bool bm_tpm_take(struct bm_tpm_response *response, size_t length, const uint8_t **bytes) {
  if (response->left < length) return false;
  *bytes = response->at;
  response->at += length;
  response->left -= length;
  return true;
}

bool bm_tpm_take32(struct bm_tpm_response *response, uint32_t *value) {
  const uint8_t *bytes = NULL;
  if (!bm_tpm_take(response, 4, &bytes)) return false;
  *value = bm_get32be(bytes);
  return true;
}

bool bm_tpm_take_sized(struct bm_tpm_response *response, struct bm_tpm_response *inside) {
  const uint8_t *bytes = NULL;
  if (!bm_tpm_take(response, 2, &bytes)) return false;
  inside->left = bm_get16be(bytes);
  return bm_tpm_take(response, inside->left, &inside->at);
}

#endif
