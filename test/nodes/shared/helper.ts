import { createRequire } from 'node:module';
import type { Node, NodeAPI } from 'node-red';

type Message = Record<string, unknown>;

/** The part of node-red-node-test-helper used here; the package brings no types. */
export interface TestHelper {
  init(runtimePath: string): void;
  startServer(): Promise<void>;
  stopServer(): Promise<void>;
  load(nodes: ((RED: NodeAPI) => void)[], flow: object[], credentials?: object): Promise<void>;
  unload(): Promise<void>;
  getNode(id: string): TestNode;
  log(): { args: [{ level: number; msg: unknown; id?: string }][] };
}

export interface TestNode extends Omit<Node, 'on' | 'status' | 'receive'> {
  receive(message: Message): void;
  on(event: 'input', listener: (message: Message) => void): this;
  /** The helper keeps every call. */
  status: Node['status'] & { args: [StatusShown][] };
}

export interface StatusShown {
  fill?: string;
  shape?: string;
  text?: string;
}

const require = createRequire(import.meta.url);

export const helper = require('node-red-node-test-helper') as TestHelper;
helper.init(require.resolve('node-red'));

/** The next message that reaches a helper node. */
export function nextMessage(id: string): Promise<Message> {
  return new Promise((resolve) => {
    helper.getNode(id).on('input', resolve);
  });
}

/** What a node shows now. */
export function statusOf(id: string): StatusShown | undefined {
  return helper.getNode(id).status.args.at(-1)?.[0];
}

/** Errors logged so far, as the text a person reads. */
export function loggedErrors(): string[] {
  return helper
    .log()
    .args.map(([entry]) => entry)
    .filter(({ level }) => level === 20)
    .map(({ msg }) => String(msg));
}
