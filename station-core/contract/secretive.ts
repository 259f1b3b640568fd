// What looks like a secret, for texts that others write: what a programmer prints, arguments that a recipe gives it. It finds what
// people and tools put there by mistake; whoever means to hide a key from it can.

/** The begin of a private key in PEM (RFC 7468), of whatever kind. */
const pemBegin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/;
const pemEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY/;

export const beginsPrivateKey = (line: string): boolean => pemBegin.test(line);
export const endsPrivateKey = (line: string): boolean => pemEnd.test(line);

/** A name of a secret with its value behind it: as in connection strings, in JSON and in messages. */
const named =
  /(?:(?:account|shared[ _-]?access|primary|secondary|private|device|api)[ _-]?key|shared[ _-]?access[ _-]?signature|passw(?:or)?d|pass[ _-]?phrase|secret|token|\bpin)["']?\s{0,4}[:=]\s{0,4}["']?[^\s"']/i;

/** 32 bytes and more in hex, in one piece. */
const hex = /[0-9a-f]{64}/i;
/** 32 bytes and more in base64, of either alphabet (RFC 4648): 43 characters without padding. */
const base64 = /[A-Za-z0-9+/_-]{43,}/g;
/** One to four bytes in hex, as dumps group them. */
const group = /^(?:0x)?(?:[0-9a-f]{2}){1,4}$/i;
/** Dumps put 16 bytes in a line, so that a key takes two. */
const dumpedBytes = 16;

/** Whether a line has something in it that looks like a secret. Its cost grows with its length alone. */
export function looksSecret(line: string): boolean {
  return beginsPrivateKey(line) || named.test(line) || hex.test(line) || hasBase64(line) || hasDump(line);
}

/** Paths from folders that every system has; random bytes do not begin like one. */
const knownPaths =
  /(?<![A-Za-z0-9+/_-])\/(?:bin|dev|etc|home|lib|media|mnt|opt|proc|root|run|srv|sys|tmp|usr|var|Users|Library|Applications)\/[^\s,;'"]*/g;

/** A path may be as long as a key; each of its parts is looked at alone. */
const apart = (line: string, paths: RegExp): string => line.replaceAll(paths, (path) => path.replaceAll('/', ' '));

/** Random bytes have letters of both cases; words in lower case have not. */
function hasBase64(line: string): boolean {
  return (apart(line, knownPaths).match(base64) ?? []).some((run) => /[A-Z]/.test(run) && /[a-z]/.test(run));
}

function hasDump(line: string): boolean {
  let bytes = 0;
  for (const word of line.split(/[ \t,:-]+/)) {
    bytes = group.test(word) ? bytes + word.replace(/^0x/i, '').length / 2 : 0;
    if (bytes >= dumpedBytes) return true;
  }
  return false;
}

const parts =
  /(?:^|[_-])(?:pin|sas|token|secret|passw(?:or)?d|pass_?phrase|credentials?)(?:$|[_-])|(?:key|secret|password|token|connection_?string)$/i;

/** Whether a fact, a variable or an option of this name would hold a secret. */
export const namesSecret = (name: string): boolean => parts.test(name);

/** In an argument whatever begins with a slash is a path. */
const absolutePaths = /(?<![A-Za-z0-9+/_-])\/[^\s,;'"]*/g;

/** Whether an argument of a program holds a secret, or is the option in front of one. Every user of a machine can read arguments. */
export function isSecretArgument(argument: string): boolean {
  const [, option] = /^--?([A-Za-z][\w-]*)/.exec(argument) ?? [];
  return (option !== undefined && namesSecret(option)) || looksSecret(apart(argument, absolutePaths));
}
