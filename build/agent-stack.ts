// The deepest stack of a program, from the call graphs that gcc writes with -fcallgraph-info=su: nodes with the bytes of their frame
// (a title begins with the file's name where a function is static), edges between them. What the graphs do not hold, the port and the compiler's own library, counts for nothing.

type Graph = { readonly frames: Map<string, number>; readonly calls: Map<string, Set<string>> };

function readGraphs(texts: readonly string[]): Graph {
  const frames = new Map<string, number>();
  const calls = new Map<string, Set<string>>();
  for (const text of texts) {
    for (const [, title = '', label = ''] of text.matchAll(/^node: \{ title: "([^"]+)" label: "([^"]*)"/gm)) {
      const bytes = /\\n(\d+) bytes \(/.exec(label)?.[1];
      if (bytes !== undefined) frames.set(title, Number(bytes));
    }
    for (const [, from = '', to = ''] of text.matchAll(/^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"/gm)) {
      calls.set(from, (calls.get(from) ?? new Set()).add(to));
    }
  }
  return { frames, calls };
}

/** How often a function may be on the stack: the agent's one recursion, over CBOR in CBOR, goes three deep. */
const mostAtOnce = 3;

/** Bytes of the deepest chain of calls that begins in one of these functions. Throws RangeError for one that is not there. */
export function deepest(texts: readonly string[], entries: readonly string[]): number {
  const { frames, calls } = readGraphs(texts);
  const onStack = new Map<string, number>();
  const known = new Map<string, number>();
  const below = (name: string): number => {
    const settled = known.get(name);
    if (settled !== undefined) return settled;
    const times = onStack.get(name) ?? 0;
    if (times === mostAtOnce) return 0;
    onStack.set(name, times + 1);
    const deeper = Math.max(0, ...[...(calls.get(name) ?? [])].map(below));
    onStack.set(name, times);
    const depth = (frames.get(name) ?? 0) + deeper;
    if (times === 0) known.set(name, depth);
    return depth;
  };
  for (const entry of entries) if (!frames.has(entry)) throw new RangeError(`no function ${entry} was compiled`);
  return Math.max(...entries.map(below));
}
