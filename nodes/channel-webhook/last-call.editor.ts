import type { EditorRED } from 'node-red';
import { adminRequest, RequestFailure } from '../shared/editor/admin-request.ts';
import type { LastCallAnswer } from './last-delivery.ts';

declare const RED: EditorRED;

interface DialogNode {
  id: string;
  _(key: string, values?: Record<string, string>): string;
}

/** Shows what the last call at the node's address came to, and how many there were since the start. */
export function showLastCall(node: DialogNode): void {
  const show = async (): Promise<void> => {
    const place = $('#order-hub-webhook-last').empty();
    try {
      const last = await adminRequest<LastCallAnswer>(`webhooks/${encodeURIComponent(node.id)}`);
      for (const line of linesOf(last, node)) $('<div>').text(line).appendTo(place);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      place.text(wordsOf(error, node));
    }
  };
  $('#order-hub-webhook-refresh').on('click', (event) => {
    event.preventDefault();
    void show();
  });
  void show();
}

function linesOf(last: LastCallAnswer, node: DialogNode): string[] {
  if (last.at === null) return [last.sentence ?? node._('channel-webhook.last.none')];
  const at = new Intl.DateTimeFormat(RED.i18n.lang(), { dateStyle: 'medium', timeStyle: 'medium' }).format(
    last.at,
  );
  const counts = Object.entries(last.counts).map(([status, count]) => `${status} × ${count}`);
  return [
    last.status === null ? node._('channel-webhook.last.earlier', { at }) : `${at}: ${last.status}`,
    last.sentence ?? '',
    counts.length > 0 ? node._('channel-webhook.last.counts', { counts: counts.join(', ') }) : '',
  ].filter((line) => line !== '');
}

function wordsOf(failure: RequestFailure, node: DialogNode): string {
  if (failure.status === 401) return node._('hub.error.no-right', { permission: 'order-hub.read' });
  return failure.message;
}
