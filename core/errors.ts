import { type Language, type MessageParams, sentence } from './message.ts';

export interface HubErrorOptions {
  /** Whether the same act may succeed later without anybody changing anything. Default false. */
  retryable?: boolean;
  /** When the other side said how long to wait, in milliseconds. */
  retryAfterMs?: number;
  cause?: unknown;
}

/**
 * A fault or refusal with a stable code, the values in it, and a sentence in the hub's language.
 * Node-RED hands `code` on to catch nodes.
 */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly code: string;
  readonly params: MessageParams;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, params: MessageParams = {}, options: HubErrorOptions = {}) {
    super(sentence(code, params), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.params = params;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Only the sentence: catch nodes and the debug sidebar show it to people. */
  override toString(): string {
    return this.message;
  }

  /** The same error told in a given language. */
  told(language: Language): string {
    return sentence(this.code, this.params, language);
  }

  /** True for a HubError of any copy of this module (CommonJS and ESM loaders may hold two). */
  static is(value: unknown): value is HubError {
    return value instanceof Error && value.name === 'HubError' && 'code' in value;
  }
}

/** Flattens an error with its causes and aggregated errors into one line for a person. */
export function reasonOf(error: unknown, told: ReadonlySet<unknown> = new Set()): string {
  if (!(error instanceof Error)) return String(error);
  const parts = [error.message || error.name];
  const causes = error instanceof AggregateError ? error.errors : [error.cause];
  const known = new Set([...told, error]);
  // Errors may name each other as their cause.
  for (const cause of causes)
    if (cause !== undefined && !known.has(cause)) parts.push(reasonOf(cause, known));
  return [...new Set(parts)].join(': ');
}
