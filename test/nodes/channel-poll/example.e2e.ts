import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { recorderOf } from '../channel-webhook/support/recorder.ts';
import { startSources } from '../channel-webhook/support/source-runtime.ts';

const file = new URL('../../../examples/channel-poll.json', import.meta.url);
const sink = 'c0a1000000000091';

describe('the example of channel-poll', function () {
  this.timeout(60_000);

  it('plays a shop, reads its order, and reads it again when it changes', async () => {
    const example = JSON.parse(await readFile(file, 'utf8')) as FlowNode[];
    const poll = example.find(({ type }) => type === 'channel-poll')!;
    const wiresOf = poll.wires as string[][];
    const flow = (address: string): FlowNode[] => [
      ...example.map((node) => {
        if (node.type === 'channel-account') return { ...node, address };
        return node === poll ? { ...node, wires: [[sink], wiresOf[1]!, wiresOf[2]!] } : node;
      }),
      { id: sink, type: 'test-recorder', z: poll.z!, x: 10, y: 10, wires: [[]] },
    ];
    const runtime = await startSources(
      ['hub-store', 'channel-account', 'channel-poll'],
      flow('http://127.0.0.1:9'),
    );
    try {
      // Only now the port is known that stands for the usual one.
      await runtime.setFlows(flow(runtime.url));
      const press = (name: string) =>
        runtime.receive(example.find((node) => node.type === 'inject' && node.name === name)!.id, {});
      press('a new order');
      const [first] = await recorderOf(sink).count(1);
      assert.equal((JSON.parse(String(first!.payload)) as { status: string }).status, 'processing');
      press('the last order is shipped');
      const [, second] = await recorderOf(sink).count(2);
      assert.equal((JSON.parse(String(second!.payload)) as { status: string }).status, 'completed');
    } finally {
      await runtime.stop();
    }
  });
});
