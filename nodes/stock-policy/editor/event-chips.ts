import { element, fill } from '../../shared/editor/element.ts';
import { type DialogContext, knownEvents } from './context.ts';

const other = '…';

/** A set of events as small labels, each of which can be taken away, and a list to add more from. */
export function eventChips(
  { t }: DialogContext,
  initial: readonly string[],
  onchange: (events: string[]) => void,
): HTMLElement {
  const known: readonly string[] = knownEvents;
  const shell = element('div', { class: 'order-hub-policy-chips' });
  const nameOf = (event: string): string => (known.includes(event) ? t(`event.${event}`) : event);
  let events = [...initial];
  const set = (next: string[]): void => {
    events = next;
    onchange(next);
    show();
  };
  const chip = (event: string): HTMLElement =>
    element(
      'span',
      { class: 'order-hub-policy-chip', title: event },
      nameOf(event),
      element(
        'button',
        {
          type: 'button',
          'aria-label': t('label.remove-event', { event: nameOf(event) }),
          title: t('label.remove-event', { event: nameOf(event) }),
          onclick: () => set(events.filter((one) => one !== event)),
        },
        element('i', { class: 'fa fa-times' }),
      ),
    );
  const ownEvent = (): void => {
    const input = element('input', { type: 'text', placeholder: t('placeholder.own-event') });
    const take = (): void => {
      const event = input.value.trim();
      if (event !== '' && !events.includes(event)) set([...events, event]);
      else show();
    };
    input.addEventListener('change', take);
    input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      // The editor's own keys look for the field among its parents, and it is about to be gone.
      event.preventDefault();
      event.stopPropagation();
      take();
    });
    shell.querySelector('select')?.replaceWith(input);
    input.focus();
  };
  const adder = (): HTMLSelectElement => {
    const list = element(
      'select',
      {
        'aria-label': t('label.add-event'),
        onchange: () => {
          if (list.value === other) ownEvent();
          else if (list.value !== '') set([...events, list.value]);
        },
      },
      element('option', { value: '' }, t('label.add-event')),
      ...known
        .filter((event) => !events.includes(event))
        .map((event) => element('option', { value: event }, nameOf(event))),
      element('option', { value: other }, t('label.own-event')),
    );
    list.value = '';
    return list;
  };
  const show = (): void => fill(shell, ...events.map(chip), adder());
  show();
  return shell;
}
