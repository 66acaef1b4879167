/** The text with U+FFFD for every half character (lone surrogate): what UTF-8 would make of it anyway. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}
