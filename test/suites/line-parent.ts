// A program that has a practice line and waits to be killed.
import { SimulatedLine } from '../../drivers/simulated/line.ts';

const line = await SimulatedLine.start({ folder: process.argv[2] ?? '', lanes: 1 });
await line.place(1, { label: 'SN-1', serial: 'SN-1' });
process.send?.({ port: line.port(1) });
