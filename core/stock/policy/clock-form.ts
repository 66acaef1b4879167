/** `HH:mm` of a day; 24:00 is midnight at its end. */
export const closingForm = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

/** Whether this Node.js or browser knows a time zone by this IANA name. */
export function isKnownZone(zone: string): boolean {
  try {
    return zone !== '' && Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    // RangeError is how Intl says that there is no such zone.
    return false;
  }
}
