import type { HsmView } from '../contract/record.ts';
import { actAs, open } from './folder.ts';
import { printJson } from './terminal.ts';

/** `birthmark hsm inspect`: module, token, latency, and every key with the rule that it breaks, if any. */
export async function hsmInspect(folder: string, options: { json: boolean; as?: string | undefined }): Promise<number> {
  const opened = await open(folder, 'hsm inspect');
  try {
    const actor = await actAs(opened, 'security-officer', options.as);
    const { hsm, keys, lastHour } = await opened.station.call('hsm.inspect', {}, { actor });
    if (options.json) printJson({ schema: 1, hsm, keys, lastHour });
    else {
      process.stdout.write(about(hsm));
      for (const { label, id, type, bits, class: kind, refused } of keys) {
        const says = refused
          ? `REFUSED: ${refused.attribute} must be ${refused.expected}, it is ${refused.found}`
          : 'as it must be';
        process.stdout.write(
          `${label} (${id || 'no id'}): ${kind} ${type}${bits === undefined ? '' : ` ${bits}`}, ${says}\n`,
        );
      }
    }
    return hsm.state === 'ready' ? 0 : 1;
  } finally {
    await opened.close();
  }
}

function about({ kind, state, reason, module, token, latencyMs, simulated }: HsmView): string {
  const { label, serial, model, firmware } = token;
  return [
    `${kind} ${module.name}${module.sha256 ? ` (SHA-256 ${module.sha256})` : ''}`,
    `token ${label}, serial ${serial}, ${model} ${firmware}${simulated ? ', software: not for production' : ''}`,
    `${state}${reason ? `: ${reason}` : ''}, ${latencyMs.p50} ms an operation (99 %: ${latencyMs.p99} ms)`,
    '',
  ].join('\n');
}
