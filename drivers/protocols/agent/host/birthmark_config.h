/* The host build: everything that the agent can do, with the sizes of the simulated unit. Pages and write units are those of a
 * microcontroller, so that what a device's memory forbids is found here. */
#ifndef BIRTHMARK_CONFIG_H
#define BIRTHMARK_CONFIG_H

#define BM_CHUNK 896
#define BM_PAGE_SIZE 2048
#define BM_WRITE_UNIT 8
#define BM_KEY_SIZE 4096
#define BM_WITH_CERTIFICATES 1
#define BM_CHAIN_SIZE 16384
#define BM_MAKES (BM_P256 | BM_P384 | BM_RSA2048)
#define BM_SIGNATURE_SIZE 512
#define BM_SPKI_SIZE 550
#define BM_WITH_CHANNEL 1
/* Built with and without: a capability is said where there is a TPM. */
#ifndef BM_WITH_TPM
#define BM_WITH_TPM 1
#endif
#define BM_WITH_FILES 1
#define BM_FILE_SIZE 8192
#define BM_PATH_SIZE 128

#endif
