import type { Preview } from '../../../core/order/mapping/preview.ts';
import type { AccountContext, Mapping } from '../../../core/order/mapping/types.ts';
import { adminRequest } from '../../shared/editor/admin-request.ts';
import { element, fill } from '../../shared/editor/element.ts';
import type { DialogContext } from './context.ts';

export interface SamplePanel {
  /** Makes the preview anew, once typing pauses. */
  refresh(): void;
  stop(): void;
}

export interface SampleOptions {
  mapping(): Mapping;
  account(): AccountContext | undefined;
  onPreview(preview: Preview): void;
}

/** The last record an account received. */
interface Sample {
  body: string;
  topic: string;
  /** Epoch milliseconds. */
  receivedAt: number;
}

/** Typing pauses this long before the runtime is asked, milliseconds. */
const pauseMs = 300;

/** A record to try the mapping on: the last one received, or one pasted; and what comes of it. */
export function samplePanel(
  context: DialogContext,
  holder: HTMLElement,
  options: SampleOptions,
): SamplePanel {
  let timer: number | undefined;
  let asked = 0;
  let stopped = false;
  const text = element('textarea', {
    class: 'order-hub-map-sample',
    spellcheck: false,
    placeholder: context.t('sample.paste'),
    oninput: () => refresh(),
  });
  const note = element('span', { class: 'order-hub-map-note' });
  const result = element('pre', { class: 'order-hub-map-order' });
  const problems = element('div', { class: 'order-hub-map-problems' });

  /** @param byItself nobody asked for it: the dialog was just opened */
  async function loadLast(byItself = false): Promise<void> {
    const account = options.account() as (AccountContext & { account?: string }) | undefined;
    try {
      const sample = await adminRequest<Sample | null>(
        `mapping/sample?account=${encodeURIComponent(account?.account ?? '')}`,
      );
      // Whoever has begun to paste a record of their own keeps it.
      if (stopped || (byItself && text.value !== '')) return;
      if (!sample) {
        fill(note, context.t('sample.none'));
        return;
      }
      text.value = pretty(sample.body);
      fill(note, `${sample.topic} ${new Date(sample.receivedAt).toLocaleString(context.language)}`);
      refresh();
    } catch (error) {
      fill(note, (error as Error).message);
    }
  }

  async function preview(): Promise<void> {
    asked += 1;
    const mine = asked;
    if (text.value.trim() === '') {
      fill(result);
      fill(problems);
      return;
    }
    try {
      const answer = await adminRequest<Preview>('mapping/preview', {
        mapping: options.mapping(),
        sample: text.value,
        account: options.account(),
      });
      if (mine !== asked) return;
      options.onPreview(answer);
      fill(problems, ...answer.problems.map((problem) => element('div', {}, problem.sentence)));
      fill(result, answer.order ? JSON.stringify(answer.order, null, 2) : context.t('sample.no-order'));
    } catch (error) {
      if (mine === asked) fill(problems, element('div', {}, (error as Error).message));
    }
  }

  function refresh(): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void preview(), pauseMs);
  }

  fill(
    holder,
    element(
      'div',
      { class: 'order-hub-map-bar' },
      element(
        'button',
        { type: 'button', class: 'red-ui-button', onclick: () => void loadLast() },
        element('i', { class: 'fa fa-download' }),
        ` ${context.t('sample.last')}`,
      ),
      note,
    ),
    element(
      'div',
      { class: 'order-hub-map-panes' },
      element('div', {}, element('h4', {}, context.t('sample.record')), text),
      element('div', {}, element('h4', {}, context.t('sample.order')), problems, result),
    ),
  );
  void loadLast(true);
  return {
    refresh,
    stop() {
      stopped = true;
      asked += 1;
      window.clearTimeout(timer);
    },
  };
}

/** Spreads JSON over lines for reading, without touching its numbers; other text stays as it is. */
function pretty(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let depth = 0;
  let inText = false;
  let out = '';
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]!;
    if (inText) {
      out += char;
      if (char === '\\') out += text[++index] ?? '';
      else if (char === '"') inText = false;
    } else if (char === '"') {
      inText = true;
      out += char;
    } else if (char === '{' || char === '[') {
      const empty = /^[{[]\s*[}\]]/.test(text.slice(index, index + 20));
      if (!empty) depth += 1;
      out += empty ? char : `${char}\n${'  '.repeat(depth)}`;
    } else if (char === '}' || char === ']') {
      const empty = out.endsWith('{') || out.endsWith('[');
      if (!empty) depth -= 1;
      out += empty ? char : `\n${'  '.repeat(depth)}${char}`;
    } else if (char === ',') out += `,\n${'  '.repeat(depth)}`;
    else if (char === ':') out += ': ';
    else if (char.trim() !== '') out += char;
  }
  return out;
}
