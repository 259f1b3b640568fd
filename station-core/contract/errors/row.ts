/** Who is blamed: a FAIL condemns the unit, an ERROR the station. */
export type Blame = 'unit' | 'operator' | 'station' | 'cloud' | 'bug';

/** `retry`: whether doing it again helps. `says`: what happened and what to do now; words in braces are filled from the error's details. */
export type Row = { readonly blame: Blame; readonly retry: boolean; readonly says: string };

export function row(blame: Blame, retry: boolean, says: string): Row {
  return { blame, retry, says };
}
