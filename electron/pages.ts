import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageFile, pageHeaders } from '../station-core/contract/pages.ts';
import { type Hashes, hashIn, hashOf } from './hashes.ts';

/**
 * The window answers this scheme itself, so that no request leaves the machine. A scheme of our own would have to be
 * registered before Electron is ready, which depends on how main is loaded.
 */
export const scheme = 'https';
/** A name that no network has (RFC 2606, section 2). */
const host = 'birthmark.invalid';
/** The window's one page, and the origin that all its files have. */
export const pageAddress = `${scheme}://${host}/`;

const headers = pageHeaders("'none'");

/** The screens' folder, and in the packaged program what its files were when they were delivered. */
export type Pages = { readonly folder: string; readonly delivered: Hashes | undefined };

/**
 * Answers a request of the window with a file of the screens, or with 404 for everything else, a file that is not as it was
 * delivered among it: such a one is told by its name, and not shown.
 */
export async function answerPage(
  { folder, delivered }: Pages,
  request: { url: string; method: string },
  altered: (file: string) => void,
): Promise<Response> {
  const found = request.method === 'GET' ? fileAt(request.url) : undefined;
  if (!found) return new Response(null, { status: 404, headers });
  try {
    const bytes = await readFile(join(folder, found.file));
    if (delivered && hashIn(delivered, found.file) !== hashOf(bytes)) {
      altered(found.file);
      return new Response(null, { status: 404, headers });
    }
    return new Response(new Uint8Array(bytes), { headers: { ...headers, 'content-type': found.kind } });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    return new Response(null, { status: 404, headers });
  }
}

/** Only our own name has files. */
function fileAt(address: string) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === `${scheme}:` && url.host === host ? pageFile(url.pathname) : undefined;
}
