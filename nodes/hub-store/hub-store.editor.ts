import type { EditorRED } from 'node-red';

declare const RED: EditorRED;

RED.nodes.registerType('hub-store', {
  category: 'config',
  defaults: {
    name: { value: '' },
    path: { value: '' },
    version: { value: 1 },
  },
  label() {
    return (
      (this as { name?: string }).name ||
      (this as unknown as { _(key: string): string })._('hub-store.default-name')
    );
  },
});
