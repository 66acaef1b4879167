import { wellFormed } from '../../well-formed.ts';
/**
 * How a value from an order is made harmless where it is put. What a buyer wrote into a note must not become a
 * link, a mention of everybody, or a further header.
 *
 * - `plain`: text as it is, without control characters and without marks that reverse the reading direction.
 * - `line`: the same on one line.
 * - `no-tags`: one where `<…>` would be read as a tag (Feishu: `<at user_id="all">`).
 * - `markdown`: on one line, without tags, links or pictures.
 */
export type EscapeRule = 'plain' | 'line' | 'no-tags' | 'markdown';

/** Everything of Cc but tab and line feed, and the bidirectional controls. */
const invisible = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/** The value as it may stand in a text of that kind. */
export function escapeValue(value: string, rule: EscapeRule): string {
  const clean = wellFormed(value).replace(/\r\n?/g, '\n').replace(invisible, '');
  if (rule === 'plain') return clean;
  if (rule === 'no-tags') return withoutTags(clean);
  const line = clean.replace(/[\n\t\u2028\u2029]+/g, ' ').trim();
  // The robots' dialects of Markdown agree on no escape character: take apart what would be a link instead.
  return rule === 'line' ? line : withoutTags(line).replace(/\](?=[([])/g, '] ');
}

/** The full-width sign looks the same to a person and means nothing to a parser. */
function withoutTags(text: string): string {
  return text.replaceAll('<', '＜');
}
