import type { EditorRED } from 'node-red';
import { type Language, nearestLanguage } from '../../../core/message.ts';

declare const RED: EditorRED;

/** The language the person in front of the editor reads, as far as the hub speaks it. */
export function editorLanguage(): Language {
  return nearestLanguage(RED.i18n.lang());
}
