import { isDeepStrictEqual } from 'node:util';
import type { Language } from '../../message.ts';
import type { StoredAlert } from './alerts.ts';
import type { AlertKind, AlertMessage } from './channel.ts';
import { composeAlert } from './compose.ts';
import type { TemplateContext } from './template.ts';

/** What the wording of an alert depends on at its target. */
export interface TargetReader {
  /** Name for people. */
  name: string;
  kind: AlertKind;
  language: Language;
  /** IANA name; UTC where there is none. */
  zone?: string;
  /** Whether names, phones and addresses are shown in full. */
  showPersonal: boolean;
  /** For SMS: what the provider's template has, in its order. */
  variables: readonly { name: string; template: string }[];
}

export interface AlertWording {
  title: string;
  text: string;
  /** Whether the text is Markdown; only the robots of chat groups show it as such. */
  markdown: boolean;
}

/** The alert as one target gets it, without its id. */
export function alertFor(
  reader: TargetReader,
  wording: AlertWording,
  context: TemplateContext,
  data?: AlertMessage['data'],
): Omit<StoredAlert, 'id'> {
  const { name, kind, language, zone, showPersonal, variables } = reader;
  const { title, text, markdown } = wording;
  const templates = { title, text, ...(variables.length > 0 && { variables }) };
  const composed = (personal: boolean) => {
    const { id: _, ...message } = composeAlert('', templates, context, {
      kind,
      markdown,
      language,
      ...(zone && { zone }),
      showPersonal: personal,
      ...(data && { data }),
    });
    return message;
  };
  const message = { ...composed(showPersonal), to: name, markdown };
  if (!showPersonal) return message;
  const { data: _, ...masked } = composed(false);
  const full = { title: message.title, text: message.text, variables: message.variables };
  return isDeepStrictEqual({ variables: undefined, ...masked }, full) ? message : { ...message, masked };
}

/** Whether a target is of those that ring a phone, where a repeat is worse than a gap. */
export function isSms(kind: AlertKind): boolean {
  return kind === 'sms-aliyun' || kind === 'sms-tencent';
}
