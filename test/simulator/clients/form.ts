import { createHash } from 'node:crypto';
import { ask } from './client.ts';

/** Sends a form, signed as Taobao, JD and Pinduoduo have it: MD5 of all names and values between the secret. */
export async function askSigned(
  url: string,
  secret: string,
  params: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const sent = Object.entries(params).filter(([, value]) => value !== '');
  const text = sent
    .toSorted(([one], [two]) => (one < two ? -1 : 1))
    .flat()
    .join('');
  const sign = createHash('md5').update(`${secret}${text}${secret}`).digest('hex').toUpperCase();
  const { data } = await ask(url, { method: 'POST', body: new URLSearchParams([...sent, ['sign', sign]]) });
  const answer = data as Record<string, unknown>;
  if (answer.error_response) throw new Error(JSON.stringify(answer.error_response));
  return answer;
}

/** `yyyy-MM-dd HH:mm:ss` in GMT+8. */
export function chinaTime(time: number): string {
  return new Date(time + 28_800_000).toISOString().slice(0, 19).replace('T', ' ');
}

export function fromChinaTime(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}+08:00`);
}
