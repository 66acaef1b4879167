/**
 * Types of nodes that send what a message causes before they are done with it. Of Node-RED's own those whose input
 * handler does all in one turn; others, such as a function node, may send at any time.
 */
const prompt = new Set(['catch', 'complete', 'debug', 'http response', 'link in', 'link out']);

/** Ours are done when their handler returns; what they send on their own belongs to no message that came in. */
export function addPromptType(type: string): void {
  prompt.add(type);
}

export function isPrompt({ type }: { type: string }): boolean {
  return prompt.has(type);
}
