import type { PresetOffer } from '../../../core/order/mapping/presets/presets.ts';
import type { Target } from '../../../core/order/mapping/targets.ts';
import type { Rule } from '../../../core/order/mapping/types.ts';

/** What the runtime offers the dialog. */
export interface Choices {
  targets: { order: Target[]; lines: Target[] };
  presets: PresetOffer[];
}

/** What every part of the dialog needs. */
export interface DialogContext {
  /** A text of the node's catalogue, by its key below `order-map.`. */
  t(key: string, values?: Record<string, string | number>): string;
  /** The editor's language, for labels that come with the fields. */
  language: 'en-US' | 'zh-CN';
  /** Something was changed: the preview is made anew. */
  changed(): void;
}

export type RuleTable = 'order' | 'lines';

/** A rule as a new row starts. */
export function newRule(): Rule {
  return { target: '', source: { kind: 'path', value: '' }, transform: { kind: 'text' }, required: false };
}
