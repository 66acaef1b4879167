import type { Language } from '../../message.ts';
import type { AlertKind, AlertMessage } from './channel.ts';
import { type EscapeRule, escapeValue } from './escape.ts';
import { renderTemplate, type TemplateContext } from './template.ts';

export interface AlertTemplates {
  title: string;
  text: string;
  /** For SMS: the provider's template has these variables, in this order. */
  variables?: readonly { name: string; template: string }[];
}

export interface ComposeOptions {
  kind: AlertKind;
  /** Whether the target reads Markdown (its setting `format`, or a Feishu card). */
  markdown?: boolean;
  language: Language;
  /** IANA name of the shop's zone. */
  zone?: string;
  showPersonal?: boolean;
  data?: AlertMessage['data'];
}

/** What makes the values of a text harmless, by kind of target. */
export function escapeRuleOf(kind: AlertKind, markdown = false): EscapeRule {
  if (kind === 'sms-aliyun' || kind === 'sms-tencent') return 'line';
  if (kind === 'dingtalk' || kind === 'wecom' || kind === 'feishu') {
    if (markdown) return 'markdown';
    return kind === 'feishu' ? 'no-tags' : 'plain';
  }
  return 'plain';
}

/**
 * The message for one target, as it will be sent; the dialog's preview is this too.
 *
 * @param id the alert's key
 */
export function composeAlert(
  id: string,
  templates: AlertTemplates,
  context: TemplateContext,
  options: ComposeOptions,
): AlertMessage {
  const { kind, markdown, language, zone, showPersonal, data } = options;
  const fill = (template: string, rule: EscapeRule) =>
    renderTemplate(template, context, { language, zone, showPersonal, escape: rule });
  const message: AlertMessage = {
    id,
    title: escapeValue(fill(templates.title, 'line'), 'line'),
    text: fill(templates.text, escapeRuleOf(kind, markdown)),
  };
  if (data) message.data = data;
  if (templates.variables) {
    message.variables = templates.variables.map(({ name, template }) => ({
      name,
      value: fill(template, 'line'),
    }));
  }
  return message;
}
