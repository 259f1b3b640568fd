import type { LightSetting } from '../../station-core/contract/lights.ts';
import { HttpLight } from './http.ts';
import type { Light } from './light.ts';
import { Board, SerialLight } from './serial.ts';

/** The boards of a configuration by their port: several lights may hang on one. */
type Boards = Map<string, Board>;

const lights = {
  serial: (light, setting, boards) => {
    const board = boards.get(setting.path) ?? new Board(setting);
    boards.set(setting.path, board);
    return new SerialLight(light, setting, board);
  },
  http: (light, setting) => new HttpLight(light, setting),
} as const satisfies {
  [K in LightSetting['kind']]: (light: number, setting: Extract<LightSetting, { kind: K }>, boards: Boards) => Light;
};

/** The lights of a configuration, in its order; none of them is reached before it is told something. */
export function lightsOf(settings: readonly LightSetting[]): readonly Light[] {
  const boards: Boards = new Map();
  return settings.map((setting, index) =>
    setting.kind === 'serial' ? lights.serial(index + 1, setting, boards) : lights.http(index + 1, setting),
  );
}
