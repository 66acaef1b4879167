const prefix = 'count|';

/** The op key of a line's correction. Each try has its own: a refusal would be repeated otherwise. */
export function correctionKey(countId: number, lineId: number, attempt: number): string {
  return `${prefix}${countId}|${lineId}|${attempt}`;
}

/** The line whose correction an op key is; undefined for any other act. */
export function lineOfKey(opKey: string | null): number | undefined {
  if (!opKey?.startsWith(prefix)) return undefined;
  const lineId = Number(opKey.split('|')[2]);
  return Number.isSafeInteger(lineId) ? lineId : undefined;
}
