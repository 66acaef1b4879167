import type { EditorRED } from 'node-red';
import { adminRequest, RequestFailure } from '../shared/editor/admin-request.ts';
import { element, fill } from '../shared/editor/element.ts';

declare const RED: EditorRED;

interface DialogNode {
  id: string;
  _(key: string, values?: Record<string, string>): string;
}

/** The part of the API's answers that the dialog shows. */
interface Copy {
  path: string;
  at: string;
  bytes: number;
}
interface HealthAnswer {
  store: { location: string; bytes: number; lastBackup: Copy | null };
}
interface BackupAnswer {
  path: string;
}

/** Shows how the running store is, and lets a person copy it. */
export function showStoreState(node: DialogNode): void {
  const place = $('#order-hub-store-state')[0]!;
  const said = $('#order-hub-store-said');
  const button = $('#order-hub-store-backup');
  const store = `store=${encodeURIComponent(node.id)}`;

  const show = async (): Promise<void> => {
    const lines = await told(async () => {
      const { store: found } = await adminRequest<HealthAnswer>(`health?${store}`);
      return linesOf(found, node);
    });
    fill(place, ...lines.map((line) => element('div', {}, line)));
  };
  const told = async (act: () => Promise<string[]>): Promise<string[]> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      return [wordsOf(error, node)];
    }
  };

  button.on('click', (event) => {
    event.preventDefault();
    button.prop('disabled', true);
    said.text(node._('hub-store.backup.running'));
    void told(async () => {
      const { path } = await adminRequest<BackupAnswer>(`backup?${store}`, {});
      return [node._('hub-store.backup.done', { path })];
    })
      .then(([words]) => {
        said.text(words ?? '');
        return show();
      })
      .finally(() => button.prop('disabled', false));
  });
  $('#order-hub-store-refresh').on('click', (event) => {
    event.preventDefault();
    void show();
  });
  void show();
}

function linesOf({ location, bytes, lastBackup }: HealthAnswer['store'], node: DialogNode): string[] {
  return [
    node._('hub-store.state.open', { size: sizeOf(bytes) }),
    location,
    lastBackup
      ? node._('hub-store.state.backup', { at: timeOf(lastBackup.at), size: sizeOf(lastBackup.bytes) })
      : node._('hub-store.state.no-backup'),
  ];
}

function wordsOf(failure: RequestFailure, node: DialogNode): string {
  if (failure.code === 'api.store-unknown' || failure.code === 'api.no-store')
    return node._('hub.error.deploy-first');
  return failure.message;
}

function timeOf(at: string): string {
  return new Intl.DateTimeFormat(RED.i18n.lang(), { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(at),
  );
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

function sizeOf(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${new Intl.NumberFormat(RED.i18n.lang(), { maximumFractionDigits: step === 0 ? 0 : 1 }).format(
    bytes / 1024 ** step,
  )} ${units[step]}`;
}
