/** In the environment of a program and of everything that it starts: by it those are found that left its process group. */
export const markName = 'BIRTHMARK_PROGRAMMING';

/** Windows starts no program without these. */
const ofWindows = ['SystemRoot', 'windir', 'PATH', 'PATHEXT', 'COMSPEC'] as const;

/** What every program gets, beside what its recipe says: nothing of what the station was started with. `home` is a folder of its own. */
export function environment(home: string): Record<string, string> {
  if (process.platform !== 'win32')
    return { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', HOME: home, TMPDIR: home };
  const inherited = ofWindows.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), TEMP: home, TMP: home, USERPROFILE: home };
}
