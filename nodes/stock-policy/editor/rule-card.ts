import { element, field, fill, select } from '../../shared/editor/element.ts';
import type { SavedRule } from '../policy-settings.ts';
import { type DialogContext, namedScenarios } from './context.ts';
import { eventChips } from './event-chips.ts';

export interface RuleCard {
  rule(): SavedRule;
  shell: HTMLElement;
  /** Shows what is wrong with the row. */
  show(faults: readonly string[]): void;
}

/** One row of the policy as a card: what it is for, and what happens when. */
export function ruleCard(context: DialogContext, initial: SavedRule): RuleCard {
  const { t } = context;
  let rule = structuredClone(initial);
  const faults = element('div', { class: 'order-hub-policy-faults', role: 'alert' });
  const title = element('span', { class: 'order-hub-policy-title' });
  const limit = element('span', { class: 'order-hub-policy-limit' });
  const committed = row(context, 'committed-on');
  const change = (part: Partial<SavedRule>): void => {
    rule = { ...rule, ...part };
    showDependent();
    context.changed();
  };
  const showDependent = (): void => {
    fill(title, namedScenarios.includes(rule.scenario) ? t(`scenario.${rule.scenario}`) : '');
    // Without a time limit there is nothing that a payment could take away, unless units change their place.
    committed.shell.hidden =
      rule.limit.kind === 'none' && rule.bucket === 'committed' && rule.committedOn.length === 0;
  };
  const setLimit = (part: Partial<SavedRule['limit']>): void => change({ limit: { ...rule.limit, ...part } });
  const showLimit = (): void => fill(limit, ...limitFields(context, rule.limit, setLimit));
  const events = (
    name: 'lockOn' | 'committedOn' | 'finalOn' | 'freeOn',
    into: ReturnType<typeof row>,
    ...more: (Node | string)[]
  ): HTMLElement => {
    into.content.append(
      eventChips(context, rule[name], (list) => change({ [name]: list })),
      ...more,
    );
    return into.shell;
  };
  const buckets = (['committed', 'held', 'presale'] as const).map((value) => ({
    value,
    label: t(`bucket.${value}`),
  }));
  const limits = (['none', 'minutes', 'balance-window', 'closing-time'] as const).map((value) => ({
    value,
    label: t(`limit.${value}`),
  }));
  const priorities = (['normal', 'high'] as const).map((value) => ({ value, label: t(`priority.${value}`) }));
  const shell = element(
    'div',
    { class: 'order-hub-policy-card' },
    element(
      'div',
      { class: 'order-hub-policy-head' },
      field(rule.scenario, (scenario) => change({ scenario }), {
        class: 'order-hub-policy-scenario',
        placeholder: t('placeholder.scenario'),
        title: t('tip.scenario'),
        'aria-label': t('label.scenario'),
      }),
      title,
    ),
    events('lockOn', row(context, 'lock-on')),
    line(
      context,
      'as',
      select(buckets, rule.bucket, (bucket) => change({ bucket: bucket as SavedRule['bucket'] }), {
        'aria-label': t('label.as'),
      }),
      element('span', { class: 'order-hub-policy-word' }, t('label.limit')),
      select(
        limits,
        rule.limit.kind,
        (kind) => {
          setLimit({ kind: kind as SavedRule['limit']['kind'] });
          showLimit();
        },
        { 'aria-label': t('label.limit') },
      ),
      limit,
    ),
    events('committedOn', committed),
    events('finalOn', row(context, 'final-on')),
    events('freeOn', row(context, 'free-on')),
    line(
      context,
      'more',
      labelled(
        t('label.priority'),
        select(
          priorities,
          rule.priority,
          (priority) => change({ priority: priority as SavedRule['priority'] }),
          { title: t('tip.priority') },
        ),
      ),
      labelled(
        t('label.cap'),
        number(rule.capPerBuyer, (capPerBuyer) => change({ capPerBuyer }), t('placeholder.no-cap')),
        t('unit.each'),
      ),
      labelled(
        t('label.own-pool'),
        field(rule.pool ?? '', (pool) => change({ pool }), {
          class: 'order-hub-policy-pool',
          placeholder: t('placeholder.own-pool'),
        }),
      ),
    ),
    faults,
  );
  showLimit();
  showDependent();
  return {
    rule: () => rule,
    shell,
    show: (sentences) => fill(faults, ...sentences.map((sentence) => element('div', {}, sentence))),
  };
}

function row({ t }: DialogContext, name: string): { shell: HTMLElement; content: HTMLElement } {
  const content = element('div', { class: 'order-hub-policy-content' });
  const shell = element(
    'div',
    { class: 'order-hub-policy-row', title: t(`tip.${name}`) },
    element('span', { class: 'order-hub-policy-name' }, t(`label.${name}`)),
    content,
  );
  return { shell, content };
}

function line(context: DialogContext, name: string, ...children: Node[]): HTMLElement {
  const { shell, content } = row(context, name);
  content.append(...children);
  return shell;
}

function labelled(text: string, ...children: (Node | string)[]): HTMLElement {
  return element('label', { class: 'order-hub-policy-labelled' }, text, ...children);
}

function number(
  value: string | number | undefined,
  oninput: (value: string) => void,
  placeholder = '',
): HTMLInputElement {
  return field(value === undefined ? '' : String(value), oninput, {
    type: 'number',
    min: 1,
    step: 1,
    class: 'order-hub-policy-number',
    placeholder,
  });
}

/** What belongs to a time limit: minutes, fewer of them when stock is scarce, or where the time comes from. */
function limitFields(
  { t }: DialogContext,
  limit: SavedRule['limit'],
  set: (part: Partial<SavedRule['limit']>) => void,
): (HTMLElement | string)[] {
  const hint = (name: string): HTMLElement =>
    element('span', { class: 'order-hub-policy-hint' }, t(`tip.${name}`));
  if (limit.kind === 'balance-window' || limit.kind === 'closing-time') return [hint(limit.kind)];
  if (limit.kind !== 'minutes') return [];
  return [
    labelled(
      '',
      number(limit.minutes, (minutes) => set({ minutes })),
      t('unit.minutes'),
    ),
    labelled(
      t('label.scarce-below'),
      number(limit.scarceBelow, (scarceBelow) => set({ scarceBelow })),
      t('label.scarce-minutes'),
      number(limit.scarceMinutes, (scarceMinutes) => set({ scarceMinutes })),
      t('unit.minutes'),
    ),
  ];
}
