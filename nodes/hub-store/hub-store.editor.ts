import type { EditorRED } from 'node-red';
import { editorLanguage } from '../shared/editor/language.ts';
import {
  databaseFault,
  type FieldFault,
  hostFault,
  portFault,
  schemaFault,
  userFault,
} from './postgres-fields.ts';
import { showFieldsOfKind } from './store-kind.editor.ts';
import { showStoreState } from './store-state.editor.ts';

declare const RED: EditorRED;

RED.nodes.registerType('hub-store', {
  category: 'config',
  defaults: {
    name: { value: '' },
    kind: { value: 'sqlite', required: true },
    path: { value: '' },
    host: { value: '', validate: checkedFor(['postgres'], hostFault) },
    port: { value: '', validate: checkedFor(['postgres'], portFault) },
    database: { value: '', validate: checkedFor(['postgres'], databaseFault) },
    user: { value: '', validate: checkedFor(['postgres'], userFault) },
    schema: { value: '', validate: checkedFor(['postgres', 'postgres-url'], schemaFault) },
    tls: { value: 'off' },
    version: { value: 2 },
  },
  credentials: { password: { type: 'password' }, url: { type: 'password' } },
  label() {
    return this.name || this._('hub-store.default-name');
  },
  oneditprepare() {
    showFieldsOfKind(this.kind);
    showStoreState(this);
  },
  oneditsave() {
    // A node that a version before this one saved is saved as this one's from now on.
    this.version = 2;
  },
});

/** A field's validator that applies to some kinds of store; what is hidden never keeps anybody from deploying. */
function checkedFor(kinds: readonly string[], faultOf: FieldFault): (value: string) => boolean {
  const validate = function (this: { kind?: string }, value: string, _options: unknown): true | string {
    // While the dialog is open, what is chosen there counts; the node still has what was saved.
    const kind = ($('#node-config-input-kind').val() as string | undefined) ?? this.kind ?? 'sqlite';
    return kinds.includes(kind) ? (faultOf(value)?.told(editorLanguage()) ?? true) : true;
  };
  return validate as unknown as (value: string) => boolean;
}
