/** The languages every text of the hub exists in. English is the fallback. */
export const languages = ['en-US', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/** Values that may stand in a sentence; objects and arrays never do. */
export type MessageParams = Record<string, string | number | boolean | null | undefined>;
export type Sentences = Record<string, Record<Language, string>>;

const catalog: Sentences = {};
let spoken: Language = 'en-US';

/**
 * Adds a domain's sentences to the hub's catalogue. Each has a code such as `stock.short` and one text a
 * language, with `{name}` where a value goes. A code may be defined once.
 */
export function defineMessages<const S extends Sentences>(sentences: S): S {
  for (const [code, texts] of Object.entries(sentences)) {
    if (catalog[code] && catalog[code] !== texts) throw new Error(`The message ${code} is defined twice.`);
    catalog[code] = texts;
  }
  return sentences;
}

/** Every sentence defined so far, for the tests and for the editor's catalogues. */
export function allMessages(): Readonly<Sentences> {
  return catalog;
}

/** Picks the nearest language the hub speaks: any `zh…` is Chinese, all else English. */
export function nearestLanguage(wanted: string | undefined): Language {
  return wanted?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en-US';
}

/** Sets the language of sentences made without naming one (the server's log, errors, results in messages). */
export function speak(language: Language): void {
  spoken = language;
}

/** The sentence for a code with its values filled in; an unknown code is shown as it is, never hidden. */
export function sentence(code: string, params: MessageParams = {}, language: Language = spoken): string {
  const text = catalog[code]?.[language];
  if (text === undefined) return `${code} ${JSON.stringify(params)}`;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '–'));
}
