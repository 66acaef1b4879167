import type { ClaimedDelivery } from '../../delivery/delivery.ts';
import { deliveryError, type Failure, failureOf } from '../../delivery/failure.ts';
import type { HandlerResult } from '../../delivery/source.ts';
import { systemTimers, type Timers } from '../../delivery/timers.ts';
import { HubError } from '../../errors.ts';
import type { StoredAlert } from './alerts.ts';
import type { AlertChannel, AlertKind, AlertSecrets, HttpClient, SendReceipt } from './channel.ts';
import { alertChannels } from './channels.ts';
import { isSms } from './for-target.ts';

export interface AlertSenderOptions {
  kind: AlertKind;
  /** The channel's settings; robots show Markdown in another form than text. */
  settings(markdown: boolean): object;
  secrets: AlertSecrets;
  /** Epoch milliseconds. */
  now(): number;
  /** Told of every attempt: the receipt, or why it failed. */
  onOutcome(outcome: { receipt: SendReceipt } | { failure: HubError }): void;
  /** Loads what speaks HTTP with the first alert; tests bring their own. */
  http?(): Promise<HttpClient>;
  timeoutMs?: number;
  timers?: Timers;
  channel?: AlertChannel;
}

/** No wait that a target asks for holds the whole target longer than this; the single alert waits as asked. */
const longestHoldMs = 15 * 60_000;

/**
 * Sends the alerts of one target, as the handler of its queue. What surely did not arrive and may pass is tried
 * again; what cannot be mended by waiting is dead at once. Where a target asks to wait, all its alerts wait: a robot
 * that was too fast stays blocked as long as it is called.
 */
export class AlertSender {
  readonly #options: AlertSenderOptions;
  readonly #channel: AlertChannel;
  readonly #timers: Timers;
  readonly #breakOff = new AbortController();
  readonly #waiting = new Set<() => void>();
  #heldUntil = 0;
  #closing = false;

  constructor(options: AlertSenderOptions) {
    this.#options = options;
    this.#channel = options.channel ?? alertChannels[options.kind];
    this.#timers = options.timers ?? systemTimers;
  }

  async handle(delivery: ClaimedDelivery): Promise<HandlerResult> {
    const message = storedAlert(delivery.alert?.message);
    if (!message) return { error: deliveryError('alert.message-invalid'), permanent: true };
    const unsure = this.#unknownOutcome(delivery);
    if (unsure) return unsure;
    await this.#whenFree();
    if (this.#closing) return 'give-back';
    try {
      const receipt = await this.send(message);
      this.#options.onOutcome({ receipt });
      return 'done';
    } catch (error) {
      if (!HubError.is(error)) throw error;
      // Broken off because the hub stops: nobody failed, and the next start sends it.
      if (error.code === 'alert.stopped') return 'give-back';
      this.#options.onOutcome({ failure: error });
      if (error.retryAfterMs !== undefined) this.#hold(error.retryAfterMs);
      return failureOf(error, { permanent: !error.retryable });
    }
  }

  /** Sends one alert now. @throws HubError without any secret in it */
  async send(message: StoredAlert): Promise<SendReceipt> {
    const { settings, secrets, now, timeoutMs } = this.#options;
    return await this.#channel.send(message, settings(message.markdown === true), secrets, {
      http: await (this.#options.http ?? loadHttp)(),
      now: now(),
      signal: this.#breakOff.signal,
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  }

  /** Begins nothing more, and gives back what a target asked to hold. */
  close(): void {
    this.#closing = true;
    for (const end of this.#waiting) end();
  }

  /** Breaks off what is being sent: it is given back, or for an SMS ends with an unknown outcome. */
  breakOff(): void {
    this.#breakOff.abort();
  }

  /**
   * An SMS whose sending was begun and never ended (the process died, or stood still beyond its lease) may have
   * rung a phone: it is not sent again by itself.
   */
  #unknownOutcome({ lastError, attempt }: ClaimedDelivery): Failure | undefined {
    const begun = lastError?.code === 'delivery.process-stopped' || lastError?.code === 'delivery.lapsed';
    if (!isSms(this.#options.kind) || attempt < 2 || !begun) return undefined;
    const params = { host: this.#options.kind, reason: lastError.sentence };
    this.#options.onOutcome({ failure: new HubError('alert.sms-unknown-outcome', params) });
    return { error: deliveryError('alert.sms-unknown-outcome', params), permanent: true };
  }

  #hold(ms: number): void {
    const until = this.#options.now() + Math.min(ms, longestHoldMs);
    this.#heldUntil = Math.max(this.#heldUntil, until);
  }

  async #whenFree(): Promise<void> {
    while (!this.#closing) {
      const ms = this.#heldUntil - this.#options.now();
      if (ms <= 0) return;
      await new Promise<void>((resolve) => {
        const end = () => {
          cancel();
          this.#waiting.delete(end);
          resolve();
        };
        const cancel = this.#timers.after(ms, end);
        this.#waiting.add(end);
      });
    }
  }
}

async function loadHttp(): Promise<HttpClient> {
  const { default: axios } = await import('axios');
  return axios;
}

/** A person may have edited the message before a retry; without title and text there is nothing to send. */
function storedAlert(message: unknown): StoredAlert | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { id, title, text } = message as Partial<StoredAlert>;
  return typeof id === 'string' && typeof title === 'string' && typeof text === 'string'
    ? (message as StoredAlert)
    : undefined;
}
