/* Every size of the agent, from the port's birthmark_config.h and from the protocol. */
#ifndef BIRTHMARK_LIMITS_H
#define BIRTHMARK_LIMITS_H

#include "../birthmark_port.h"
#include "birthmark_config.h"

#if BM_CHUNK < 32 || BM_CHUNK > 896
#error "BM_CHUNK is the longest piece of an object: 32 to 896"
#endif
#if BM_KEY_SIZE < 32 || BM_KEY_SIZE > 4096
#error "BM_KEY_SIZE is the longest key: 32 to 4096"
#endif
#if BM_PAGE_SIZE % BM_WRITE_UNIT != 0 || BM_WRITE_UNIT < 1 || BM_WRITE_UNIT > 64
#error "a page of the memory is whole write units, of at most 64 bytes"
#endif
#if BM_WITH_CERTIFICATES
#if BM_CHAIN_SIZE < 512 || BM_CHAIN_SIZE > 16384
#error "BM_CHAIN_SIZE is the longest chain: 512 to 16384"
#endif
#if BM_SIGNATURE_SIZE < 72 || BM_SIGNATURE_SIZE > 512 || BM_SPKI_SIZE < 91 || BM_SPKI_SIZE > 550
#error "BM_SIGNATURE_SIZE is 72 to 512, BM_SPKI_SIZE 91 to 550: P-256 at least, RSA-4096 at most"
#endif
#else
#undef BM_CHAIN_SIZE
#define BM_CHAIN_SIZE 0
#endif
#if BM_WITH_FILES && (BM_FILE_SIZE < 1 || BM_FILE_SIZE > 15872 || BM_PATH_SIZE < 2 || BM_PATH_SIZE > 255)
#error "BM_FILE_SIZE is 1 to 15872, BM_PATH_SIZE 2 to 255"
#endif

#define BM_MAX(a, b) ((a) > (b) ? (a) : (b))
#define BM_UP_TO(size, unit) (((size) + (unit)-1) / (unit) * (unit))

#define BM_OPERATION 16
#define BM_REQUEST_ID 8
#define BM_POINT 65
#define BM_TAG 16
#define BM_TPM 896
#define BM_TPM_HEADER 10
/* Longest provisioning object: texts of 32, 253 and 128 characters with their heads and keys. */
#define BM_PROVISIONING 423
#define BM_REGISTRATION 128

/* Longest stuffed frame: a chunk with its head, or a prove with a registration ID of 128. A TPM command needs the protocol's most. */
#if BM_WITH_TPM
#define BM_FRAME 1023
#else
#define BM_FRAME (BM_MAX(BM_CHUNK, 160) + 136 > 1023 ? 1023 : BM_MAX(BM_CHUNK, 160) + 136)
#endif

/* Longest answer: hello with every name, a piece of a chain, a proof, a TPM's response. */
#if BM_WITH_CERTIFICATES
#define BM_PIECE_ANSWER (BM_MAX(BM_CHUNK, BM_SIGNATURE_SIZE) + 64)
#else
#define BM_PIECE_ANSWER 96
#endif
#define BM_ANSWER BM_MAX(BM_WITH_TPM ? BM_TPM + 32 : 0, BM_MAX(BM_WITH_CERTIFICATES ? 360 : 160, BM_PIECE_ANSWER))

/* Working memory for what is not written as it arrives, and for a key while it is used. */
#if BM_WITH_CERTIFICATES
#define BM_KEY_WORK (BM_KEY_SIZE + BM_TAG + BM_SPKI_SIZE + BM_SIGNATURE_SIZE + BM_REGISTRATION + 128)
#else
#define BM_KEY_WORK (BM_KEY_SIZE + BM_TAG)
#endif
#if BM_WITH_FILES
#define BM_FILE_OBJECT (BM_FILE_SIZE + BM_PATH_SIZE + 16)
#else
#define BM_FILE_OBJECT 0
#endif
#define BM_SEALED (BM_WITH_TPM ? BM_KEY_SIZE + 1024 : 0)
#define BM_WORK BM_MAX(BM_MAX(BM_PROVISIONING, BM_FILE_OBJECT), BM_MAX(BM_KEY_WORK, BM_SEALED))

/* Files that a unit keeps track of. */
#define BM_FILES 2

/* The memory: two cells for the record, then two slots, each a key and behind it its chain, all of them whole pages. */
#if BM_WITH_FILES
#define BM_RECORD_SIZE (603 + BM_FILES * (70 + BM_PATH_SIZE))
#else
#define BM_RECORD_SIZE 603
#endif
#define BM_CELL_HEAD 6
#define BM_CRC 4
#define BM_CELL_SIZE BM_UP_TO(BM_CELL_HEAD + BM_RECORD_SIZE + BM_CRC + BM_WRITE_UNIT, BM_PAGE_SIZE)
#define BM_KEY_AREA BM_UP_TO(BM_KEY_SIZE, BM_PAGE_SIZE)
#define BM_CHAIN_AREA BM_UP_TO(BM_CHAIN_SIZE, BM_PAGE_SIZE)
#define BM_SLOT_SIZE (BM_KEY_AREA + BM_CHAIN_AREA)
#define BM_FLASH_SIZE (2 * BM_CELL_SIZE + 2 * BM_SLOT_SIZE)

/* Bytes are gathered before they are written, so that the memory is written in whole units. */
#define BM_GATHER 64
#if BM_GATHER % BM_WRITE_UNIT != 0
#error "BM_WRITE_UNIT divides 64"
#endif

#endif
