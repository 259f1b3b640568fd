export async function serve(_f: string, _p: number): Promise<number> {
  return 0;
}
