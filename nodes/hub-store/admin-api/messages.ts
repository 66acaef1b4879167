import type { NodeAPI } from 'node-red';
import { allMessages } from '../../../core/message.ts';
import { serve } from './request.ts';

/** `GET messages?lang=`: the sentence of every code, for the editor and other readers of codes. */
export function serveMessages(RED: NodeAPI): void {
  serve(RED, 'get', 'messages', 'order-hub.read', ({ language }) => ({
    language,
    messages: Object.fromEntries(
      Object.entries(allMessages()).map(([code, texts]) => [code, texts[language]]),
    ),
  }));
}
