import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { softHsmModule } from './softhsm.ts';

/**
 * A PKCS#11 module that is SoftHSM under another name, so that a test can set up a production station without hardware: production
 * refuses SoftHSM by what the token says of itself, and everything else about it is real. Answers the library's path.
 */
export async function buildRenamedToken(folder: string): Promise<string> {
  if (softHsmModule === undefined) throw new Error('SoftHSM is not installed: apt-get install softhsm2');
  const source = join(folder, 'renamed.c');
  const library = join(folder, 'renamed-token.so');
  writeFileSync(source, code(softHsmModule));
  await promisify(execFile)('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
  return library;
}

/**
 * The layout of CK_FUNCTION_LIST: a version, then pointers in the order of PKCS#11 v2.40's pkcs11f.h, where C_GetTokenInfo is the
 * seventh (C_Initialize, C_Finalize, C_GetInfo, C_GetFunctionList, C_GetSlotList, C_GetSlotInfo, C_GetTokenInfo). In CK_TOKEN_INFO
 * the label has 32 bytes, the manufacturer 32, the model 16.
 */
const code = (module: string) => `
#include <dlfcn.h>
#include <string.h>
typedef unsigned long rv;
typedef struct { unsigned char version[2]; void *call[68]; } list;
static list mine;
static rv (*tell)(unsigned long, unsigned char *);
static rv renamed(unsigned long slot, unsigned char *info) {
  rv code = tell(slot, info);
  if (code == 0) {
    memset(info + 32, ' ', 48);
    memcpy(info + 32, "Test bench", 10);
    memcpy(info + 64, "Renamed token", 13);
  }
  return code;
}
rv C_GetFunctionList(list **out) {
  void *library = dlopen("${module}", RTLD_NOW);
  rv (*get)(list **) = library ? (rv (*)(list **))dlsym(library, "C_GetFunctionList") : 0;
  list *theirs;
  if (!get || get(&theirs) != 0) return 5;
  mine = *theirs;
  tell = (rv (*)(unsigned long, unsigned char *))mine.call[6];
  mine.call[6] = (void *)renamed;
  mine.call[3] = (void *)C_GetFunctionList;
  *out = &mine;
  return 0;
}
`;
