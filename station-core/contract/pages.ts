// The screens as files, and the headers they are served with: the same in the browser and in the desktop window
// (docs/design.md, Processes).

const kinds = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['ttf', 'font/ttf'],
]);

/** A file of the screens: its path below their folder, and its Content-Type. */
export type PageFile = { readonly file: string; readonly kind: string };

/**
 * Which file of the screens a URL's path names; none when it names anything else. Flat names in the folder itself or in
 * `assets` only, so that no way of writing a path leads out of the folder.
 */
export function pageFile(path: string): PageFile | undefined {
  const name = path === '/' ? '/index.html' : path;
  if (!/^\/(assets\/)?[\w.-]+$/.test(name) || name.includes('..')) return undefined;
  const kind = kinds.get(/\.(\w+)$/.exec(name)?.[1] ?? '');
  return kind === undefined ? undefined : { file: name.slice(1), kind };
}

/** The one rule that react-aria (1.22.1) writes into the page: `touch-action: pan-x pan-y pinch-zoom` on what can be pressed. */
const reactAriaStyle = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='";

/**
 * Nothing but our own files and one way to the station, `connect`: no frames, no forms elsewhere, no inline code
 * (docs/promises.md F).
 */
export const pageHeaders = (connect: string) => ({
  'content-security-policy':
    `default-src 'none'; script-src 'self'; style-src 'self' ${reactAriaStyle}; img-src 'self' data:; font-src 'self'; ` +
    `connect-src ${connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
});
