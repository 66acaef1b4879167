import type { EditorRED } from 'node-red';
import { adminRequest, RequestFailure } from '../shared/editor/admin-request.ts';

declare const RED: EditorRED;

interface DialogNode {
  _(key: string, values?: Record<string, string>): string;
}

/** What of the API's answers the dialog shows. */
interface State {
  watermark: string;
  coveredFrom: string;
  progress: { windows: number; orders: number | null; endsAt: string | null } | null;
  trouble: { sentence: string } | null;
  note: { sentence: string } | null;
}
interface Census {
  censuses: { sentence: string; at: string }[];
}

/** Shows how far the account that is chosen has been read, what is in the way, and the last count. */
export function showReading(node: DialogNode): void {
  const place = $('#order-hub-poll-state');
  let newest = 0;
  const show = async (): Promise<void> => {
    newest += 1;
    const mine = newest;
    const say = (...lines: string[]): void => {
      // Asked several times while the dialog opens, only the last answer is shown.
      if (mine === newest) place.empty().append(lines.map((line) => $('<div>').text(line)));
    };
    const account = RED.nodes.node(String($('#node-input-account').val() ?? '')) as unknown as {
      path?: string;
    } | null;
    if (!account?.path) {
      say(node._('channel-poll.state.choose'));
      return;
    }
    try {
      const at = `channels/${encodeURIComponent(account.path)}`;
      const state = await adminRequest<State>(`${at}/state`);
      const census = await adminRequest<Census>(`${at}/census?limit=1`);
      say(...linesOf(state, census, node));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      say(error.code === 'polling.unknown' ? node._('channel-poll.state.none') : error.message);
    }
  };
  $('#order-hub-poll-refresh').on('click', (event) => {
    event.preventDefault();
    void show();
  });
  $('#node-input-account').on('change', () => void show());
  void show();
}

function linesOf(state: State, { censuses }: Census, node: DialogNode): string[] {
  const { progress, trouble, note, watermark, coveredFrom } = state;
  const reached = watermark === coveredFrom ? 'begun' : 'read';
  const lines = [node._(`channel-poll.state.${reached}`, { at: timeText(watermark) })];
  if (progress) {
    const orders = progress.orders === null ? '–' : String(progress.orders);
    const end = progress.endsAt === null ? '–' : timeText(progress.endsAt);
    lines.push(node._('channel-poll.state.progress', { windows: String(progress.windows), orders, end }));
  }
  if (trouble) lines.push(trouble.sentence);
  if (note) lines.push(note.sentence);
  const [last] = censuses;
  if (last) lines.push(`${timeText(last.at)}: ${last.sentence}`);
  return lines;
}

function timeText(iso: string): string {
  return new Intl.DateTimeFormat(RED.i18n.lang(), { dateStyle: 'medium', timeStyle: 'short' }).format(
    Date.parse(iso),
  );
}
