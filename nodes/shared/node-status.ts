import type { Node } from 'node-red';

/**
 * A node's status in the vocabulary every node shares. Texts are catalogue keys (the viewer's language wins) or
 * start with a number. It says what was last proved, never what is hoped for.
 */
export class NodeStatus {
  readonly #node: Pick<Node, 'status'>;
  #shown = '';
  #closed = false;

  constructor(node: Pick<Node, 'status'>) {
    this.#node = node;
  }

  /** Green ring: set up and waiting for work. */
  ready(text = 'hub.status.ready'): void {
    this.#show('green', 'ring', text);
  }
  /** Green dot: the last act worked; a number says how many did. */
  ok(text: string | number = 'hub.status.ok'): void {
    this.#show('green', 'dot', String(text));
  }
  /** Yellow dot: working, with work waiting. */
  working(text: string | number = 'hub.status.working'): void {
    this.#show('yellow', 'dot', String(text));
  }
  /** Yellow ring: not yet connected. */
  connecting(text = 'hub.status.connecting'): void {
    this.#show('yellow', 'ring', text);
  }
  /** Red dot: the last message was refused for a business reason. */
  refused(text: string | number = 'hub.status.refused'): void {
    this.#show('red', 'dot', String(text));
  }
  /** Red ring: cannot work until something outside is put right. */
  down(text = 'hub.status.down'): void {
    this.#show('red', 'ring', text);
  }
  /** Grey ring: switched off. */
  disabled(text = 'hub.status.disabled'): void {
    this.#show('grey', 'ring', text);
  }
  /** Shows nothing any more: the node is being closed. */
  close(): void {
    this.#closed = true;
  }

  #show(fill: 'green' | 'yellow' | 'red' | 'grey', shape: 'dot' | 'ring', text: string): void {
    const shown = `${fill} ${shape} ${text}`;
    // Each status is sent to every open editor, so only a change is.
    if (this.#closed || shown === this.#shown) return;
    this.#shown = shown;
    this.#node.status({ fill, shape, text });
  }
}
