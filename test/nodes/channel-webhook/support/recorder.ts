import type { Node, NodeAPI, NodeDef } from 'node-red';

export type Recorded = Record<string, unknown> & { _msgid: string };

/** What a recorder node does with a message besides keeping it; a throw or rejection is the flow's error. */
export type Behaviour = (message: Recorded) => void | Promise<void>;

const usual: Behaviour = () => undefined;

/** What reached one recorder node of the runtime, and how the node behaves. */
export class Recorder {
  readonly messages: Recorded[] = [];
  behaviour: Behaviour = usual;
  /** What the node waits for when it is closed. */
  closing: Promise<void> | undefined;
  readonly #waiting = new Set<() => void>();

  take(message: Recorded): void {
    this.messages.push(message);
    for (const look of this.#waiting) look();
  }

  /** Resolves when so many messages have come, counted from the last `clear`. */
  count(wanted: number): Promise<Recorded[]> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.messages.length < wanted) return;
        this.#waiting.delete(look);
        resolve([...this.messages]);
      };
      this.#waiting.add(look);
      look();
    });
  }

  clear(): void {
    this.messages.length = 0;
    this.behaviour = usual;
    this.closing = undefined;
  }
}

const recorders = new Map<string, Recorder>();

/** The recorder of a node's id; it outlives the node's redeploys. */
export function recorderOf(id: string): Recorder {
  let recorder = recorders.get(id);
  if (!recorder) {
    recorder = new Recorder();
    recorders.set(id, recorder);
  }
  return recorder;
}

/** The node type `test-recorder`: keeps each message, does what the test says, and sends it on. */
export default function register(RED: NodeAPI): void {
  function TestRecorder(this: Node, config: NodeDef): void {
    RED.nodes.createNode(this, config);
    const node = this as Node & { _alias?: string };
    const recorder = recorderOf(node._alias ?? node.id);
    this.on('input', (message, send, done) => {
      // Chosen before anybody is told of the message: who then sets another behaviour means the next one.
      const { behaviour } = recorder;
      recorder.take({ ...message } as Recorded);
      Promise.resolve()
        .then(() => behaviour(message as Recorded))
        .then(
          () => {
            send(message);
            done();
          },
          (error: Error) => done(error),
        );
    });
    this.on('close', (done: () => void) => {
      void Promise.resolve(recorder.closing).then(done);
    });
  }
  RED.nodes.registerType('test-recorder', TestRecorder as never);
}
