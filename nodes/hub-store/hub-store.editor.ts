import type { EditorRED } from 'node-red';
import { showStoreState } from './store-state.editor.ts';

declare const RED: EditorRED;

RED.nodes.registerType('hub-store', {
  category: 'config',
  defaults: {
    name: { value: '' },
    path: { value: '' },
    version: { value: 1 },
  },
  label() {
    return this.name || this._('hub-store.default-name');
  },
  oneditprepare() {
    showStoreState(this);
  },
});
