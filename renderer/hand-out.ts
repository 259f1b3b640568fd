/** Gives the person a file, as the browser and the desktop window save one. */
export function handOut(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The file is read in the background; its address is let go once that has surely begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
