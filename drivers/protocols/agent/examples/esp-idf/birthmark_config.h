/* NOT RUN HERE: config/symmetric with the pages and the write units of an ESP32 with flash encryption. */
#ifndef BIRTHMARK_CONFIG_H
#define BIRTHMARK_CONFIG_H

#define BM_CHUNK 128
#define BM_PAGE_SIZE 4096
#define BM_WRITE_UNIT 16
#define BM_KEY_SIZE 64
#define BM_WITH_CERTIFICATES 0
#define BM_WITH_CHANNEL 0
#define BM_WITH_TPM 0
#define BM_WITH_FILES 0

#endif
