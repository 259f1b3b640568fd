/** Thrown through a unit's code when its power is gone. Not an Error: nothing of a unit's code survives it. */
export class PowerCut {}
