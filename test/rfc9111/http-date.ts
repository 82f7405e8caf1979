/** An HTTP-date some seconds from the beginning of a stage's time. */
export function httpDate(seconds: number): string {
  return new Date(Date.UTC(2030, 0, 1) + seconds * 1000).toUTCString();
}
