import type { EditorRED } from 'node-red';
import { adminRequest, RequestFailure } from '../shared/editor/admin-request.ts';
import { element, fill } from '../shared/editor/element.ts';
import type { FieldChoice, PreviewAnswer, PreviewTarget } from './preview.ts';

declare const RED: EditorRED;

export interface Wording {
  stop(): void;
}

interface DialogNode {
  _(key: string, values?: Record<string, string>): string;
}

/** Typing pauses this long before the runtime is asked, milliseconds. */
const pauseMs = 300;
const slots = ['target', 'target2', 'target3', 'target4', 'target5'];
/** What Node-RED's lists of config nodes have for "none chosen" and for "add a new one". */
const nothing = ['', '_ADD_', 'none', null];

const byId = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;

/** Makes the wording's part of the dialog live: the menu of fields, the errors and the preview. */
export function prepareWording(node: DialogNode): Wording {
  let timer: number | undefined;
  let asked = 0;
  const title = byId<HTMLInputElement>('node-input-title');
  const text = byId<HTMLTextAreaElement>('node-input-text');
  const menu = byId<HTMLSelectElement>('order-hub-alert-fields');
  let last: HTMLInputElement | HTMLTextAreaElement = text;

  const refresh = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void preview(), pauseMs);
  };

  async function preview(): Promise<void> {
    asked += 1;
    const mine = asked;
    const panel = byId('order-hub-alert-preview');
    try {
      const answer = await adminRequest<PreviewAnswer>('alerts/preview', {
        store: $('#node-input-store').val(),
        title: title.value,
        text: text.value,
        markdown: byId<HTMLInputElement>('node-input-markdown').checked,
        rule: $('#node-input-rule').val(),
        targets: chosenTargets(node),
      });
      if (mine !== asked) return;
      showProblems('title', answer);
      showProblems('text', answer);
      const sample = answer.order
        ? node._('order-alert.preview.of', { order: answer.order })
        : node._('order-alert.preview.sample');
      fill(panel, element('div', {}, sample), ...answer.previews.map((one) => card(node, one)));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      const permission = { permission: 'order-hub.read' };
      const words = error.status === 401 ? node._('hub.error.no-right', permission) : error.message;
      if (mine === asked) fill(panel, element('div', { role: 'alert' }, words));
    }
  }

  for (const input of [title, text]) {
    input.addEventListener('focus', () => {
      last = input;
    });
    input.addEventListener('input', refresh);
  }
  menu.addEventListener('change', () => {
    insert(last, last === title ? menu.value.split('\n')[0]! : menu.value);
    menu.value = '';
    refresh();
  });
  $('#node-input-markdown, #node-input-rule').on('change input', refresh);
  $(`#node-input-store, ${slots.map((slot) => `#node-input-${slot}`).join(', ')}`).on('change', () => {
    showSlots();
    refresh();
  });
  void offerFields(node, menu);
  showSlots();
  refresh();
  return {
    stop() {
      asked += 1;
      window.clearTimeout(timer);
    },
  };
}

async function offerFields(node: DialogNode, menu: HTMLSelectElement): Promise<void> {
  fill(menu, element('option', { value: '' }, node._('order-alert.label.insert')));
  try {
    const { fields } = await adminRequest<{ fields: FieldChoice[] }>('alerts/fields');
    for (const { insert: value, label } of fields) {
      const name = value.includes('\n') ? label : `${label}  ${value.replace(/[{}]/g, '')}`;
      menu.append(element('option', { value }, name));
    }
  } catch (error) {
    // Without the right to read orders a person can still write field names by hand; the preview says why.
    if (!(error instanceof RequestFailure)) throw error;
    menu.disabled = true;
  }
}

/** Puts a text where the cursor is. */
function insert(input: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  if (value === '') return;
  const at = input.selectionStart ?? input.value.length;
  input.setRangeText(value, at, input.selectionEnd ?? at, 'end');
  input.focus();
}

/** One empty list more than targets are chosen. */
function showSlots(): void {
  const lastChosen = slots.reduce((last, slot, index) => (isChosen(slot) ? index : last), -1);
  for (const [index, slot] of slots.entries()) {
    $(`#order-hub-alert-row-${slot}`).toggle(index <= lastChosen + 1);
  }
}

function isChosen(slot: string): boolean {
  return !nothing.includes($(`#node-input-${slot}`).val() as string | null);
}

/** The targets as the editor has them, deployed or not. */
function chosenTargets(node: DialogNode): PreviewTarget[] {
  const ids = [...new Set(slots.filter(isChosen).map((slot) => String($(`#node-input-${slot}`).val())))];
  return ids.flatMap((id) => {
    const target = RED.nodes.node(id) as unknown as (PreviewTarget & { kind: string }) | null;
    if (!target) return [];
    const { name, kind, language, zone, variables } = target;
    return [{ name: name || node._(`order-alert.kind.${kind}`), kind, language, zone, variables }];
  });
}

function showProblems(field: 'title' | 'text', answer: PreviewAnswer): void {
  const place = byId(`order-hub-alert-${field}-fault`);
  fill(place, ...answer.problems[field].map((problem) => element('div', {}, problem.sentence)));
  $(`#node-input-${field}`).toggleClass('input-error', answer.problems[field].length > 0);
}

function card(node: DialogNode, preview: PreviewAnswer['previews'][number]): HTMLElement {
  const isSms = preview.kind.startsWith('sms-');
  const body = isSms
    ? preview.variables.map(({ name, value }) => `${name}: ${value}`).join('\n') ||
      node._('order-alert.preview.no-variables')
    : preview.text;
  return element(
    'div',
    { class: 'order-hub-alert-card' },
    preview.to ? element('div', { class: 'order-hub-alert-to' }, preview.to) : null,
    isSms ? null : element('div', { class: 'order-hub-alert-title' }, preview.title),
    element('div', { class: 'order-hub-alert-body' }, body),
  );
}
