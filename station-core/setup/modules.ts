import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { moduleProblem, tokensOf } from '../../drivers/hsm/pkcs11-slots.ts';
import type { ModuleFound } from '../contract/setup.ts';

// PKCS#11 modules found by themselves: at the places where their makers and the distributions put them, and where p11-kit's files
// say that they are.

type Place = { readonly maker: string; readonly paths: readonly string[] };

const linux = ['/usr/lib', '/usr/lib64', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/local/lib'];
const everywhere = (...names: readonly string[]) => linux.flatMap((folder) => names.map((name) => join(folder, name)));

const places: Readonly<Record<'linux' | 'darwin' | 'win32', readonly Place[]>> = {
  linux: [
    { maker: 'SoftHSM', paths: everywhere('softhsm/libsofthsm2.so', 'pkcs11/libsofthsm2.so') },
    { maker: 'Yubico YubiHSM 2', paths: everywhere('pkcs11/yubihsm_pkcs11.so', 'yubihsm_pkcs11.so') },
    { maker: 'Yubico YubiKey', paths: everywhere('libykcs11.so') },
    { maker: 'Nitrokey NetHSM', paths: everywhere('nitrokey/libnethsm_pkcs11.so', 'libnethsm_pkcs11.so') },
    { maker: 'Thales Luna', paths: ['/usr/safenet/lunaclient/lib/libCryptoki2_64.so', '/usr/lib/libCryptoki2_64.so'] },
    {
      maker: 'Utimaco',
      paths: [
        '/opt/utimaco/lib/libcs_pkcs11_R3.so',
        '/opt/utimaco/p11/libcs_pkcs11_R3.so',
        ...everywhere('libcs_pkcs11_R3.so'),
      ],
    },
    { maker: 'Entrust nShield', paths: ['/opt/nfast/toolkits/pkcs11/libcknfast.so'] },
    // Smart cards and the Nitrokey HSM 2 among them.
    { maker: 'OpenSC', paths: everywhere('opensc-pkcs11.so', 'pkcs11/opensc-pkcs11.so') },
  ],
  darwin: [
    { maker: 'SoftHSM', paths: ['/opt/homebrew/lib/softhsm/libsofthsm2.so', '/usr/local/lib/softhsm/libsofthsm2.so'] },
    { maker: 'Yubico YubiHSM 2', paths: ['/usr/local/lib/pkcs11/yubihsm_pkcs11.dylib'] },
    { maker: 'Thales Luna', paths: ['/Library/Frameworks/Luna/libCryptoki2.dylib'] },
    { maker: 'OpenSC', paths: ['/Library/OpenSC/lib/opensc-pkcs11.so'] },
  ],
  win32: [
    { maker: 'SoftHSM', paths: ['C:\\SoftHSM2\\lib\\softhsm2-x64.dll'] },
    { maker: 'Yubico YubiHSM 2', paths: ['C:\\Program Files\\Yubico\\YubiHSM Shell\\bin\\pkcs11\\yubihsm_pkcs11.dll'] },
    { maker: 'Thales Luna', paths: ['C:\\Program Files\\SafeNet\\LunaClient\\cryptoki.dll'] },
    { maker: 'Utimaco', paths: ['C:\\Program Files\\Utimaco\\SecurityServer\\Lib\\cs_pkcs11_R3.dll'] },
    { maker: 'OpenSC', paths: ['C:\\Program Files\\OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll'] },
  ],
};

/** Where p11-kit's module files lie, and where a module without a folder is (pkcs11.conf(5)). */
const p11Kit = ['/usr/share/p11-kit/modules', '/etc/pkcs11/modules'];
const p11Folders = linux.map((folder) => join(folder, 'pkcs11'));

/** Modules that hold trusted certificates, or ask p11-kit's other modules once more: no HSM is behind them. */
const isNoHsm = (path: string): boolean => /p11-kit-(trust|client|proxy)|gnome-keyring/.test(path);

/** Every module that is on this machine, each asked in a process of its own, and one more that a person names. */
export function findModules(named?: string): Promise<readonly ModuleFound[]> {
  const known = knownModules();
  const all =
    named === undefined || known.some(({ path }) => path === named) ? known : [...known, { path: named, maker: '' }];
  return Promise.all(all.map(ask));
}

async function ask({ path, maker }: { readonly path: string; readonly maker: string }): Promise<ModuleFound> {
  try {
    return { path, maker, tokens: await tokensOf(path) };
  } catch (thrown) {
    return { path, maker, problem: moduleProblem(thrown) };
  }
}

function knownModules(): { readonly path: string; readonly maker: string }[] {
  const platform = process.platform;
  const mine = platform === 'linux' || platform === 'darwin' || platform === 'win32' ? places[platform] : [];
  const found = mine.flatMap(({ maker, paths }) => paths.filter(existsSync).map((path) => ({ path, maker })));
  const listed = p11Kit.flatMap(moduleFiles).map((path) => ({ path, maker: '' }));
  const all = [...found, ...listed].filter(({ path }) => !isNoHsm(path));
  // One maker's places are links to each other on some distributions; the first is as good as the others.
  return all.filter(
    ({ path, maker }, index) =>
      all.findIndex((one) => one.path === path || (maker !== '' && one.maker === maker)) === index,
  );
}

function moduleFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.module'))
    .flatMap((name) => moduleOf(readFileSync(join(folder, name), 'utf8')) ?? [])
    .flatMap((path) => (path.startsWith('/') ? [path] : p11Folders.map((where) => join(where, path))))
    .filter(existsSync);
}

/** The library that a p11-kit module file names. Pure. */
export const moduleOf = (text: string): string | undefined => /^\s*module\s*:\s*(\S.*?)\s*$/m.exec(text)?.[1];
