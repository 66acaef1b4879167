import type { EditorRED } from 'node-red';

declare const RED: EditorRED;

/** Makes a button copy a field's text; `done` is said beside it for a moment. */
export function copyButton(button: JQuery, field: JQuery, done: string): void {
  button.on('click', (event) => {
    event.preventDefault();
    RED.clipboard.copyText(String(field.val()), button[0]!, done);
  });
}
