import assert from 'node:assert/strict';
import { allMessages, sentence } from '../../../../core/message.ts';
import type { StockRefusal } from '../../../../core/stock/answers.ts';

/** There is a sentence in both languages, and a value for everything that it speaks of. */
export function speaksBothLanguages({ code, params }: Pick<StockRefusal, 'code' | 'params'>): void {
  const message = allMessages()[code];
  assert.ok(message, `${code} has no sentence`);
  for (const text of [message['en-US'], message['zh-CN']])
    for (const [, name] of text.matchAll(/\{(\w+)\}/g)) assert.ok(name! in params, `${code} has no ${name}`);
  assert.match(sentence(code, params, 'zh-CN'), /\p{Script=Han}/u, `${code} in Chinese`);
  assert.doesNotMatch(sentence(code, params, 'en-US'), /\p{Script=Han}/u, `${code} in English`);
}
