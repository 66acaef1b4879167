/** Shows an instant as the wall clock where the viewer is, beside "from a date". */
export function showSince(since: string): void {
  const field = $('#order-hub-event-since');
  const start = $('#node-input-start');
  const at = Date.parse(since);
  field.val(Number.isFinite(at) ? wallClock(new Date(at)) : '');
  const show = (): void => {
    field.toggle(start.val() === 'date');
    field.toggleClass('input-error', start.val() === 'date' && chosenSince() === '');
  };
  start.on('change', show);
  field.on('input change', show);
  show();
}

/** The instant that is chosen, as ISO text in UTC; empty for none. */
export function chosenSince(): string {
  if ($('#node-input-start').val() !== 'date') return '';
  const at = new Date(String($('#order-hub-event-since').val() ?? ''));
  return Number.isFinite(at.getTime()) ? at.toISOString() : '';
}

/** `2026-09-01T08:00`, the form a field of the type datetime-local takes. */
function wallClock(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
