/** The station's clock, for people. Times are ISO 8601 in UTC. */
export type ClockView = {
  readonly at: string;
  /** The latest time that any entry of the audit trail was written at. */
  readonly newest: string;
  /** Whether the operating system says that its clock is right. */
  readonly trust: 'synchronised' | 'unsynchronised' | 'unknown';
  /** It cannot be right: nothing is issued until it is put right, or two people confirm it. */
  readonly wrong?: 'before-newest' | 'before-build';
};
