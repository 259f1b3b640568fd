/* NOT RUN HERE, NOR COMPILED: a port to Zephyr 3.6 and newer, written from its documentation, as a place to begin. P-256 and AES-GCM by
 * the PSA Crypto API, the line by the interrupt-driven UART, memory by a fixed flash partition. config/certificate fits it.
 *
 * prj.conf: CONFIG_SERIAL=y CONFIG_UART_INTERRUPT_DRIVEN=y CONFIG_FLASH=y CONFIG_FLASH_MAP=y CONFIG_RING_BUFFER=y
 *           CONFIG_HWINFO=y CONFIG_MBEDTLS=y CONFIG_MBEDTLS_PSA_CRYPTO_C=y CONFIG_ENTROPY_GENERATOR=y
 * overlay:  a partition `birthmark_partition` of at least BM_FLASH_SIZE bytes, and chosen { birthmark,uart = &uart1; } */
#include <psa/crypto.h>
#include <string.h>
#include <zephyr/device.h>
#include <zephyr/drivers/hwinfo.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>
#include <zephyr/storage/flash_map.h>
#include <zephyr/sys/ring_buffer.h>

#include "birthmark_agent.h"

static const struct device *const uart = DEVICE_DT_GET(DT_CHOSEN(birthmark_uart));
static const struct flash_area *area;
static char serial[2 * 8 + 1];
static struct bm_facts facts = {serial, NULL, "my-board", "1.0.0", "file", false};

const struct bm_facts *bm_port_facts(void) { return &facts; }

void bm_port_write(const uint8_t *bytes, size_t length) {
  for (size_t at = 0; at < length; at += 1) uart_poll_out(uart, bytes[at]);
}

bool bm_port_flash_read(uint32_t at, uint8_t *bytes, size_t length) {
  return flash_area_read(area, (off_t)at, bytes, length) == 0;
}

bool bm_port_flash_write(uint32_t at, const uint8_t *bytes, size_t length) {
  return flash_area_write(area, (off_t)at, bytes, length) == 0;
}

bool bm_port_flash_erase(uint32_t at) { return flash_area_erase(area, (off_t)at, BM_PAGE_SIZE) == 0; }

bool bm_port_random(uint8_t *bytes, size_t length) { return psa_generate_random(bytes, length) == PSA_SUCCESS; }

/* ---- Keys: the bare scalar of P-256, 32 bytes. One that a station sends is PKCS#8, in which the scalar follows 02 01 01 04 20. */

static psa_status_t import_key(const uint8_t *key, size_t length, psa_key_id_t *id) {
  static const uint8_t before[] = {2, 1, 1, 4, 0x20};
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  const uint8_t *scalar = length == 32 ? key : NULL;
  for (size_t at = 0; scalar == NULL && at + sizeof before + 32 <= length; at += 1) {
    if (memcmp(key + at, before, sizeof before) == 0) scalar = key + at + sizeof before;
  }
  if (scalar == NULL) return PSA_ERROR_INVALID_ARGUMENT;
  psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
  psa_set_key_bits(&attributes, 256);
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_EXPORT);
  psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
  return psa_import_key(&attributes, scalar, 32, id);
}

bool bm_port_key_make(unsigned algorithm, unsigned slot, uint8_t *key, size_t size, size_t *length) {
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  psa_key_id_t id = 0;
  ARG_UNUSED(slot);
  psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
  psa_set_key_bits(&attributes, 256);
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT);
  if (algorithm != BM_P256 || psa_generate_key(&attributes, &id) != PSA_SUCCESS) return false;
  const bool made = psa_export_key(id, key, size, length) == PSA_SUCCESS;
  (void)psa_destroy_key(id);
  return made;
}

bool bm_port_key_public(const uint8_t *key, size_t length, uint8_t *spki, size_t size, size_t *spki_length) {
  static const uint8_t head[26] = {0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2,    1,
                                   6,    8,    0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7, 3, 0x42, 0};
  psa_key_id_t id = 0;
  size_t point = 0;
  if (size < sizeof head + 65 || import_key(key, length, &id) != PSA_SUCCESS) return false;
  memcpy(spki, head, sizeof head);
  const bool known = psa_export_public_key(id, spki + sizeof head, 65, &point) == PSA_SUCCESS && point == 65;
  (void)psa_destroy_key(id);
  *spki_length = sizeof head + 65;
  return known;
}

/* An INTEGER of DER out of 32 bytes: without leading zeros, but with one ahead of a high bit. */
static size_t put_integer(uint8_t *to, const uint8_t number[32]) {
  size_t from = 0;
  while (from < 31 && number[from] == 0) from += 1;
  const size_t pad = number[from] & 0x80 ? 1 : 0;
  to[0] = 2;
  to[1] = (uint8_t)(pad + 32 - from);
  to[2] = 0;
  memcpy(to + 2 + pad, number + from, 32 - from);
  return 2 + pad + 32 - from;
}

bool bm_port_key_sign(const uint8_t *key, size_t length, const uint8_t *message, size_t message_length, uint8_t *signature,
                      size_t size, size_t *signature_length) {
  psa_key_id_t id = 0;
  uint8_t both[64];
  size_t count = 0;
  if (size < 72 || import_key(key, length, &id) != PSA_SUCCESS) return false;
  const bool made = psa_sign_message(id, PSA_ALG_ECDSA(PSA_ALG_SHA_256), message, message_length, both, sizeof both,
                                     &count) == PSA_SUCCESS;
  (void)psa_destroy_key(id);
  if (!made || count != sizeof both) return false;
  size_t end = 2;
  end += put_integer(signature + end, both);
  end += put_integer(signature + end, both + 32);
  signature[0] = 0x30;
  signature[1] = (uint8_t)(end - 2);
  *signature_length = end;
  return true;
}

/* ---- The channel */

bool bm_port_agree(const uint8_t station[65], uint8_t own[65], uint8_t shared[32]) {
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  psa_key_id_t id = 0;
  size_t point = 0;
  size_t length = 0;
  psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
  psa_set_key_bits(&attributes, 256);
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_DERIVE);
  psa_set_key_algorithm(&attributes, PSA_ALG_ECDH);
  if (psa_generate_key(&attributes, &id) != PSA_SUCCESS) return false;
  const bool agreed = psa_export_public_key(id, own, 65, &point) == PSA_SUCCESS &&
                      psa_raw_key_agreement(PSA_ALG_ECDH, id, station, 65, shared, 32, &length) == PSA_SUCCESS;
  (void)psa_destroy_key(id);
  return agreed && length == 32;
}

bool bm_port_open(const uint8_t key[32], const uint8_t iv[12], const uint8_t *associated, size_t associated_length,
                  uint8_t *text, size_t length, const uint8_t tag[16]) {
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  psa_key_id_t id = 0;
  size_t count = 0;
  psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_DECRYPT);
  psa_set_key_algorithm(&attributes, PSA_ALG_GCM);
  if (psa_import_key(&attributes, key, 32, &id) != PSA_SUCCESS) return false;
  /* The tag lies behind the ciphertext already (uart-v1.md). */
  const bool opened = tag == text + length && psa_aead_decrypt(id, PSA_ALG_GCM, iv, 12, associated, associated_length, text,
                                                               length + 16, text, length, &count) == PSA_SUCCESS;
  (void)psa_destroy_key(id);
  return opened;
}

/* ---- The line: an interrupt fills the ring, a thread empties it. */

RING_BUF_DECLARE(arrived, 2048);
static K_SEM_DEFINE(something, 0, 1);

static void hear(const struct device *device, void *nothing) {
  uint8_t bytes[32];
  ARG_UNUSED(nothing);
  while (uart_irq_update(device) && uart_irq_rx_ready(device)) {
    const int count = uart_fifo_read(device, bytes, sizeof bytes);
    if (count > 0) (void)ring_buf_put(&arrived, bytes, (uint32_t)count);
  }
  k_sem_give(&something);
}

static void be_provisioned(void) {
  uint8_t id[8] = {0};
  uint8_t bytes[64];
  (void)hwinfo_get_device_id(id, sizeof id);
  for (size_t at = 0; at < sizeof id; at += 1) snprintk(serial + 2 * at, 3, "%02X", id[at]);
  if (psa_crypto_init() != PSA_SUCCESS) return;
  if (flash_area_open(FIXED_PARTITION_ID(birthmark_partition), &area) != 0 || !bm_start()) return;
  uart_irq_callback_set(uart, hear);
  uart_irq_rx_enable(uart);
  while (!bm_is_locked()) {
    const uint32_t count = ring_buf_get(&arrived, bytes, sizeof bytes);
    if (count == 0) (void)k_sem_take(&something, K_FOREVER);
    else bm_receive(bytes, count);
  }
  uart_irq_rx_disable(uart);
}

K_THREAD_DEFINE(birthmark, 4096, be_provisioned, NULL, NULL, NULL, 7, 0, 0);
