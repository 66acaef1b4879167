import { eventTypes } from './event-types.ts';

/** Lists every kind of event with a box to tick; a kind this version does not know is kept and shown as it is. */
export function showTypes(chosen: readonly string[], nameOf: (type: string) => string): void {
  const list = $('#order-hub-event-types').empty();
  const known: readonly string[] = eventTypes;
  for (const type of [...known, ...chosen.filter((other) => !known.includes(other))]) {
    const box = $('<input type="checkbox">')
      .css({ width: 'auto', margin: '0 6px 0 0' })
      .val(type)
      .prop('checked', chosen.includes(type));
    $('<label>')
      .css({ width: 'auto', margin: '0' })
      .append(box, document.createTextNode(known.includes(type) ? nameOf(type) : type))
      .appendTo(list);
  }
}

/** The kinds that are ticked; none means all. */
export function chosenTypes(): string[] {
  return $('#order-hub-event-types input:checked')
    .map((_, box) => (box as HTMLInputElement).value)
    .get();
}
