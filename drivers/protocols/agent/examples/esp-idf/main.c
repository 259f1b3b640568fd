/* NOT RUN HERE, NOR COMPILED: a port to ESP-IDF 5, written from its documentation, as a place to begin. A symmetric key in a data
 * partition; config/symmetric, with BM_PAGE_SIZE 4096 and BM_WRITE_UNIT 16 (flash encryption writes 16 bytes at once).
 *
 * partitions.csv: birthmark, data, 0x40, , 0x4000, encrypted
 * With flash encryption on, erased bytes do not read as FF, so the agent erases pages that are blank already: it costs wear alone. */
#include <driver/uart.h>
#include <esp_mac.h>
#include <esp_partition.h>
#include <esp_random.h>
#include <freertos/FreeRTOS.h>
#include <freertos/task.h>
#include <stdio.h>

#include "birthmark_agent.h"

enum { LINE = UART_NUM_1, BAUD = 115200, ARRIVED = 2048 };

static const esp_partition_t *partition;
static uint8_t mac[6];
static char serial[13];
static struct bm_facts facts = {serial, mac, "my-board", "1.0.0", "file", false};

const struct bm_facts *bm_port_facts(void) { return &facts; }

void bm_port_write(const uint8_t *bytes, size_t length) { (void)uart_write_bytes(LINE, bytes, length); }

bool bm_port_flash_read(uint32_t at, uint8_t *bytes, size_t length) {
  return esp_partition_read(partition, at, bytes, length) == ESP_OK;
}

bool bm_port_flash_write(uint32_t at, const uint8_t *bytes, size_t length) {
  return esp_partition_write(partition, at, bytes, length) == ESP_OK;
}

bool bm_port_flash_erase(uint32_t at) { return esp_partition_erase_range(partition, at, BM_PAGE_SIZE) == ESP_OK; }

/* True random numbers while the radio or the SAR ADC is on: bootloader_random_enable() in production firmware without either. */
bool bm_port_random(uint8_t *bytes, size_t length) {
  esp_fill_random(bytes, length);
  return true;
}

static void be_provisioned(void *nothing) {
  static uint8_t bytes[128];
  (void)nothing;
  while (!bm_is_locked()) {
    const int count = uart_read_bytes(LINE, bytes, sizeof bytes, pdMS_TO_TICKS(20));
    if (count > 0) bm_receive(bytes, (size_t)count);
  }
  (void)uart_driver_delete(LINE);
  vTaskDelete(NULL);
}

void app_main(void) {
  const uart_config_t line = {.baud_rate = BAUD,
                              .data_bits = UART_DATA_8_BITS,
                              .parity = UART_PARITY_DISABLE,
                              .stop_bits = UART_STOP_BITS_1,
                              .flow_ctrl = UART_HW_FLOWCTRL_DISABLE};
  ESP_ERROR_CHECK(esp_read_mac(mac, ESP_MAC_WIFI_STA));
  (void)snprintf(serial, sizeof serial, "%02X%02X%02X%02X%02X%02X", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
  ESP_ERROR_CHECK(uart_driver_install(LINE, ARRIVED, 0, 0, NULL, 0));
  ESP_ERROR_CHECK(uart_param_config(LINE, &line));
  ESP_ERROR_CHECK(uart_set_pin(LINE, 17, 18, UART_PIN_NO_CHANGE, UART_PIN_NO_CHANGE));
  partition = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, 0x40, "birthmark");
  if (partition == NULL || partition->size < BM_FLASH_SIZE || !bm_start()) {
    (void)puts("birthmark: no partition of that name, or one that is too small");
    return;
  }
  (void)xTaskCreate(be_provisioned, "birthmark", 6144, NULL, 5, NULL);
}
