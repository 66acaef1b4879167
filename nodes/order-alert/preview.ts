import { randomUUID } from 'node:crypto';
import { type AlertKind, alertKinds } from '../../core/insight/alert/channel.ts';
import { alertFor } from '../../core/insight/alert/for-target.ts';
import { sampleOrder } from '../../core/insight/alert/sample-order.ts';
import { type TemplateProblem, validateTemplate } from '../../core/insight/alert/template.ts';
import { type Language, nearestLanguage, sentence } from '../../core/message.ts';
import { describeTargets } from '../../core/order/mapping/targets.ts';
import type { Order } from '../../core/order/schema.ts';
import './messages.ts';

/** What the dialog asks to see. */
export interface PreviewRequest {
  /** Id of the store whose last order is the sample. */
  store?: string;
  title?: string;
  text?: string;
  markdown?: boolean;
  rule?: string;
  targets?: readonly PreviewTarget[];
}

export interface PreviewTarget {
  name?: string;
  kind?: string;
  language?: string;
  zone?: string;
  variables?: readonly { name: string; template: string }[];
}

export interface PreviewAnswer {
  /** What is wrong with the wording, field by field. */
  problems: { title: TemplateProblem[]; text: TemplateProblem[] };
  /** Key of the order it was filled in with; null for the built-in sample. */
  order: string | null;
  /** Once for each way that the wording comes out. */
  previews: {
    to: string;
    kind: AlertKind;
    title: string;
    text: string;
    variables: { name: string; value: string }[];
  }[];
}

/** The wording filled in as each target would get it. Personal data is masked always: a dialog is seen by many. */
export function previewAlert(
  request: PreviewRequest,
  sample: { key: string; order: Order } | undefined,
  language: Language,
  now: number,
): PreviewAnswer {
  const wording = {
    title: request.title ?? '',
    text: request.text ?? '',
    markdown: request.markdown === true,
  };
  const told = (problems: TemplateProblem[]) =>
    problems.map((problem) => ({ ...problem, sentence: sentence(problem.code, problem.params, language) }));
  const context = {
    order: sample?.order ?? sampleOrder,
    event: { type: 'paid', at: now, sequence: 1 },
    rule: { name: request.rule ?? '' },
    now,
    ...sampleResults(language),
  };
  const targets = request.targets?.length ? request.targets : [{ kind: 'webhook' }];
  return {
    problems: { title: told(validateTemplate(wording.title)), text: told(validateTemplate(wording.text)) },
    order: sample?.key ?? null,
    previews: targets.map((target: PreviewTarget) => {
      const kind = alertKinds.find((known) => known === target.kind) ?? 'webhook';
      const {
        title,
        text,
        variables = [],
      } = alertFor(
        {
          name: target.name ?? '',
          kind,
          language: target.language ? nearestLanguage(target.language) : language,
          ...(target.zone && { zone: target.zone }),
          showPersonal: false,
          variables: target.variables ?? [],
        },
        wording,
        context,
      );
      return { to: target.name ?? '', kind, title, text, variables: [...variables] };
    }),
  };
}

/** Results of earlier nodes as they could be, so that their fields show something. */
function sampleResults(language: Language) {
  const params = { difference: 182, reading: 806, expected: 624, band: 62, sku: 'TEA-250', unit: 180 };
  const short = sentence('weight.one-over', params, language);
  return {
    weight: { verdict: 'blocked', explanation: { sentence: short }, readingGrams: 806, expectedGrams: 624 },
    stock: { state: 'short', refusals: [{ sku: 'TEA-250', sentence: '…' }] },
    msg: { _msgid: randomUUID() },
  };
}

/** A field for the menu of the dialog: what to put into the text, and what it is called. */
export interface FieldChoice {
  insert: string;
  label: string;
}

/** Everything that the menu "insert field" offers. */
export function fieldChoices(language: Language): FieldChoice[] {
  const { order, lines } = describeTargets();
  const own = (code: string, insert: string): FieldChoice => ({
    insert,
    label: sentence(`order-alert.field-${code}`, {}, language),
  });
  return [
    ...order.map(({ target, labels }) => ({ insert: `{{order.${target}}}`, label: labels[language] })),
    own('lines', '{{#order.lines}}\n{{sku}} × {{quantity}} {{title}}\n{{/order.lines}}'),
    ...lines.map(({ target, labels }) => ({
      insert: `{{order.lines.0.${target}}}`,
      label: `1: ${labels[language]}`,
    })),
    own('event-type', '{{event.type}}'),
    own('event-at', '{{event.at}}'),
    own('rule', '{{rule.name}}'),
    own('now', '{{now}}'),
    own('weight', '{{weight.explanation.sentence}}'),
    own('stock', '{{#stock.refusals}}\n{{sentence}}\n{{/stock.refusals}}'),
  ];
}
