// What the bench `audit` measures, each in a process of its own: an export, or hashing and parsing its lines and nothing else.
import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readLog } from '../../station-core/audit/reading.ts';
import { exportKinds } from '../../station-core/contract/audit.ts';

const [what, from = '', format, out = ''] = process.argv.slice(2);

if (what === 'export') {
  const kind = exportKinds.find((one) => one === format);
  if (!kind) throw new TypeError(`no format ${format}`);
  const order = { kind, filter: {}, named: false, madeAt: new Date().toISOString(), problems: [] };
  const { problems } = await readLog({ kind: 'export', folder: from, out, order });
  if (problems.length > 0) throw new TypeError(JSON.stringify(problems[0]));
} else await hashAndParse(from);

async function hashAndParse(file: string): Promise<void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk]);
    let begin = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, begin)) {
      const line = bytes.subarray(begin, end);
      hash('sha256', Buffer.concat([Buffer.from([0]), line]), 'buffer');
      JSON.parse(line.toString('utf8'));
      begin = end + 1;
    }
    rest = bytes.subarray(begin);
  }
}
