import { languages } from '../../core/message.ts';
import { newRow } from '../../nodes/stock-changed/share-fields.ts';
import { nodeTypes, readNode } from '../packaging/node-sources.ts';
import { type Editor, openEditor } from '../support/editor.ts';
import { type EmbeddedRuntime, type FlowNode, startRuntime } from '../support/embedded-runtime.ts';

export { languages };

export const types: readonly string[] = nodeTypes();
export const flowTypes: readonly string[] = types.filter((type) => readNode(type).category !== 'config');

const tab = 'c4d81f06be7a9100';

/** The id of the node of a type in the flow with every node. */
export function idOf(type: string): string {
  return `c4d81f06be7a91${(types.indexOf(type) + 1).toString(16).padStart(2, '0')}`;
}

/** What must be filled in before a node of a type can work. */
const filledIn: Record<string, object> = {
  'channel-account': { path: 'test-shop', shop: 'test', zone: 'Asia/Shanghai' },
  'stock-changed': {
    lastUnits: '3',
    channels: [
      { ...newRow(), channel: 'web', kind: 'percent', amount: '70', last: true },
      { ...newRow(), channel: 'pos', kind: 'percent', amount: '60', cap: '20' },
      {
        ...newRow(),
        channel: 'live',
        kind: 'priority',
        fenceUnits: '10',
        fenceFrom: '2026-11-10T16:00:00.000Z',
        fenceUntil: '2026-11-12T16:00:00.000Z',
      },
    ],
  },
};

/**
 * A flow with one node of every type of the pack, as it is when dragged from the palette, told its config nodes and
 * filled in where nothing works without.
 */
async function flowWithEveryNode(editor: Editor): Promise<FlowNode[]> {
  const flow: FlowNode[] = [{ id: tab, type: 'tab', label: 'every node', disabled: false, info: '' }];
  for (const [index, type] of types.entries()) {
    const { category, defaults } = await editor.defaultsOf(type);
    const settings = defaults.map(({ name, value, configType }) => [
      name,
      configType && types.includes(configType) ? idOf(configType) : value,
    ]);
    const place =
      category === 'config' ? {} : { z: tab, x: 160 + (index % 2) * 320, y: 60 + index * 40, wires: [] };
    flow.push({ id: idOf(type), type, ...Object.fromEntries(settings), ...filledIn[type], ...place });
  }
  return flow;
}

/** Node-RED with the editor, running a flow with one node of every type of the pack. */
export async function startWithEveryNode(): Promise<EmbeddedRuntime> {
  const runtime = await startRuntime({ withPack: true, editor: true });
  try {
    const editor = await openEditor(runtime.adminUrl, 'en-US');
    try {
      await runtime.setFlows(await flowWithEveryNode(editor));
    } finally {
      await editor.close();
    }
  } catch (error) {
    await runtime.stop();
    throw error;
  }
  return runtime;
}

/** A catalogue key that a person sees instead of the text it stands for. */
export const untranslated = /^[a-z-]+\.[a-z-.]+$/;

/** Where ORDER_HUB_SCREENSHOTS asks for pictures, or nothing. */
export const screenshotFolder = process.env.ORDER_HUB_SCREENSHOTS;
