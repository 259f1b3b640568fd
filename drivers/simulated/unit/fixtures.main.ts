// The practice line's fixtures: one process, one socket a lane, units put on and taken off by its parent's commands.
// It ends when its parent goes, and removes the sockets' folder. Nothing needs to be closed: a unit's memory survives kill -9 like flash.
import { mkdirSync, rmSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import type { FixtureCommand, FixtureReply } from '../commands.ts';
import { macBytes, serialForFile, simulatedModel } from './arguments.ts';
import { Cable } from './cable.ts';
import { equip } from './factory.ts';
import { noFaults } from './faults.ts';
import { FileFlash } from './flash.ts';
import { type Fixture, listenFixture } from './listen.ts';
import { flashSize } from './memory.ts';
import { Power, type PowerCounts, PoweredUnit } from './power.ts';
import { openUnitsTpm } from './units-tpm.ts';

const [folder, ...sockets] = process.argv.slice(2);
if (folder === undefined || process.send === undefined) {
  process.stderr.write('fixtures.main.ts is forked by SimulatedLine: FOLDER SOCKET…\n');
  process.exit(2);
}
const units = join(folder, 'units');
mkdirSync(units, { recursive: true });

type Lane = Fixture & { flash: FileFlash | undefined; serial: string | undefined; power: Power };
const lanes: Lane[] = sockets.map(() => ({
  unit: undefined,
  sockets: new Set(),
  cable: new Cable(noFaults),
  power: new Power(),
  flash: undefined,
  serial: undefined,
}));

function laneOf(number: number): Lane {
  const lane = lanes[number - 1];
  if (lane === undefined) throw new TypeError(`the practice line has no lane ${number}`);
  return lane;
}

function remove(lane: Lane): void {
  lane.unit?.unplug();
  lane.unit = undefined;
  lane.flash?.close();
  lane.flash = undefined;
  lane.serial = undefined;
}

/** Does what it is told; answers the counts when it is asked for them. */
function obey(command: FixtureCommand): PowerCounts | undefined {
  const lane = laneOf(command.lane);
  switch (command.do) {
    case 'place': {
      const { serial, mac, own, tpm } = command;
      // A unit lies on one lane at a time.
      for (const other of lanes) if (other === lane || other.serial === serial) remove(other);
      lane.serial = serial;
      lane.flash = new FileFlash(join(units, `${serialForFile(serial)}.mem`), flashSize);
      if (own !== undefined) equip(lane.flash, own);
      const facts = { serial, ...simulatedModel, ...(mac === undefined ? {} : { mac: macBytes(mac) }) };
      const has = tpm && { tpm: openUnitsTpm(tpm, join(units, `${serial}.tpm`)) };
      lane.unit = new PoweredUnit(facts, lane.flash, lane.power, has);
      return undefined;
    }
    case 'remove':
      remove(lane);
      return undefined;
    case 'unplug':
      lane.cable.cut();
      for (const socket of lane.sockets) socket.destroy();
      return undefined;
    case 'silence':
      if (lane.unit) lane.unit.silent = command.silent;
      return undefined;
    case 'faults':
      lane.cable.cut();
      lane.cable = new Cable(command.plan);
      lane.power = new Power(command.plan.power);
      lane.unit?.plugIn(lane.power);
      return undefined;
    case 'count':
      return lane.power.counts;
  }
}

const reply = (answer: FixtureReply) => process.send?.(answer);

process.on('disconnect', () => {
  // The parent would have removed them; one that was killed cannot.
  const [first] = sockets;
  if (first !== undefined && platform() !== 'win32') rmSync(dirname(first), { recursive: true, force: true });
  process.exit(0);
});
await Promise.all(sockets.map((path, at) => listenFixture(path, laneOf(at + 1))));
process.on('message', ({ id, command }: { id: number; command: FixtureCommand }) => {
  try {
    const counts = obey(command);
    reply({ id, ...(counts === undefined ? {} : { counts }) });
  } catch (error) {
    reply({ id, failed: error instanceof Error ? error.message : String(error) });
  }
});
reply({ id: 0 });
