/** The process that startRuntimeProcess() forks: an embedded Node-RED, told what to do through IPC. */
import { type EmbeddedRuntime, startRuntime } from './embedded-runtime.ts';
import type { DeployType, FlowNode, LogLine, RuntimeOptions } from './runtime-options.ts';

export type ParentMessage =
  | { type: 'start'; options: RuntimeOptions }
  | { type: 'deploy'; flows: readonly FlowNode[]; deployType: DeployType }
  | { type: 'stop' };

export type ChildMessage =
  | { type: 'ready'; url: string; port: number; adminUrl: string }
  | { type: 'deployed' }
  | { type: 'failed'; message: string }
  | { type: 'log'; line: LogLine };

let runtime: EmbeddedRuntime | undefined;

async function obey(message: ParentMessage): Promise<void> {
  switch (message.type) {
    case 'start':
      runtime = await startRuntime(message.options, (line) => tell({ type: 'log', line }));
      tell({ type: 'ready', url: runtime.url, port: runtime.port, adminUrl: runtime.adminUrl });
      return;
    case 'deploy':
      await runtime?.setFlows(message.flows, message.deployType);
      tell({ type: 'deployed' });
      return;
    case 'stop':
      await stopInOrder();
  }
}

async function stopInOrder(): Promise<void> {
  await runtime?.stop();
  process.exit(0);
}

function tell(message: ChildMessage, sent?: () => void): void {
  if (process.connected) process.send?.(message, undefined, undefined, sent);
}

function failed(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  tell({ type: 'failed', message }, () => {
    if (!runtime) process.exit(1);
  });
}

process.on('message', (message: ParentMessage) => {
  obey(message).catch(failed);
});
// The test that started this process is gone: nobody would ever stop it. Not being started ends here too.
process.on('disconnect', () => process.exit(1));
process.on('SIGTERM', () => void stopInOrder().catch(failed));
process.on('SIGINT', () => void stopInOrder().catch(failed));
