import { FuseState, FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

/**
 * What Electron's program may do, whatever it is started with (Electron's security list, 19). ASAR integrity is checked by
 * Electron on Windows and macOS; on Linux the fuse does nothing.
 */
export const fuses: Readonly<Record<Exclude<keyof typeof FuseV1Options, number>, boolean>> = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  WasmTrapHandlers: true,
};
type Fuse = keyof typeof fuses;

/** Sets those fuses that an Electron program has, and reads them back. Throws when one is not as it was set. */
export async function setFuses(program: string, wanted: typeof fuses = fuses): Promise<void> {
  const has = Object.keys(await readFuses(program)) as Fuse[];
  const config = Object.fromEntries(has.map((name) => [FuseV1Options[name], wanted[name]]));
  await flipFuses(program, { version: FuseVersion.V1, ...config });
  const found = await readFuses(program);
  const wrong = Object.entries(found).filter(([name, on]) => on !== wanted[name as Fuse]);
  if (wrong.length > 0) throw new Error(`fuses are not as they were set: ${JSON.stringify(Object.fromEntries(wrong))}`);
}

/** The fuses that a program has, which are fewer in an older Electron. */
export async function readFuses(program: string): Promise<Partial<Record<Fuse, boolean>>> {
  const wire = await getCurrentFuseWire(program);
  const states = Object.entries(wire).flatMap(([at, state]) => {
    const name = FuseV1Options[Number(at)];
    if (name === undefined || (state !== FuseState.ENABLE && state !== FuseState.DISABLE)) return [];
    return [[name, state === FuseState.ENABLE] as const];
  });
  return Object.fromEntries(states);
}
