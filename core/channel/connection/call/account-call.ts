import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  ExponentialBackoff,
  fullJitterGenerator,
  handleWhen,
  type IBackoff,
  isBrokenCircuitError,
  retry,
  wrap,
} from 'cockatiel';
import { reasonOf } from '../../../errors.ts';
import { Listeners } from '../../../store/listeners.ts';
import { ChannelFault, withoutSecrets } from '../fault.ts';
import type { CallAnswer, CallRequest, HttpCall } from '../http-call.ts';
import { exchange, keepAliveAgents, nothingLeft } from './exchange.ts';
import { orStopped } from './or-stopped.ts';
import type { Pacing } from './pacing.ts';

export interface AccountCallOptions {
  /** The name people know the platform by, for sentences. */
  platform: string;
  pacing: Pacing;
  /** Kept out of every error, however the platform writes them back. */
  secrets?: readonly (string | undefined)[];
  /** Milliseconds of one request. Default 30 s. */
  timeoutMs?: number;
  /** How often a request is made at most, the first time included. Default 4. */
  attempts?: number;
  /** The longest wait between two attempts, milliseconds; a platform that names a longer one is left alone. Default 10 s. */
  longestWaitMs?: number;
  /** The first wait between attempts is at most this, the next ones twice as long each. Milliseconds. Default 500. */
  firstWaitMs?: number;
  /** So many troubles of the platform in a row open the circuit. Default 8. */
  breakAfter?: number;
  /** How long an open circuit lets nothing through, milliseconds; longer each time it opens again. Default 30 s. */
  restMs?: number;
}

/** How an account's requests go. */
export interface CallState {
  /** `open`: the platform failed so often that it is left alone; `trying`: one request is let through to see. */
  circuit: 'closed' | 'open' | 'trying';
  /** Until when the platform wants no requests, epoch milliseconds; null when it takes them. */
  heldUntil: number | null;
  /** The last fault since something went through; null when the last request went through. */
  fault: ChannelFault | null;
}

const circuitNames = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'trying',
  [CircuitState.Isolated]: 'open',
} as const;

/**
 * All requests of one account: paced together, tried again where that helps, behind one circuit breaker. One is made
 * an account, for all nodes that use it.
 */
export class AccountCall {
  readonly #platform: string;
  readonly #pacing: Pacing;
  readonly #secrets: readonly (string | undefined)[];
  readonly #timeoutMs: number;
  readonly #longestWaitMs: number;
  readonly #restMs: number;
  readonly #breakAfter: number;
  readonly #agents = keepAliveAgents();
  readonly #closing = new AbortController();
  readonly #changed = new Listeners<CallState>();
  readonly #circuit;
  readonly #policy;
  /** Faults of requests that must not be made twice by themselves: whoever asked looks first. */
  readonly #notAgain = new WeakSet<ChannelFault>();
  #fault: ChannelFault | null = null;

  constructor(options: AccountCallOptions) {
    const { attempts = 4, firstWaitMs = 500, longestWaitMs = 10_000 } = options;
    this.#platform = options.platform;
    this.#pacing = options.pacing;
    this.#secrets = options.secrets ?? [];
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#longestWaitMs = longestWaitMs;
    this.#breakAfter = options.breakAfter ?? 8;
    this.#restMs = options.restMs ?? 30_000;
    this.#circuit = circuitBreaker(
      // Only trouble of the platform's own counts: wrong credentials or one bad order say nothing of its health.
      handleWhen((error) => ChannelFault.is(error) && error.kind === 'platform' && error.retryable),
      {
        breaker: new ConsecutiveBreaker(this.#breakAfter),
        halfOpenAfter: new ExponentialBackoff({ initialDelay: this.#restMs, maxDelay: this.#restMs * 10 }),
      },
    );
    this.#circuit.onStateChange(() => this.#tell());
    const spaced = new ExponentialBackoff({
      generator: fullJitterGenerator,
      initialDelay: firstWaitMs,
      maxDelay: longestWaitMs,
    });
    this.#policy = wrap(
      retry(
        handleWhen((error) => this.#helps(error)),
        {
          maxAttempts: attempts - 1,
          // The pacing waits out what a throttling platform names, for all requests alike.
          backoff: new DelegateBackoff<unknown, IBackoff<unknown>>((context, last) => {
            const state = last ? last.next(context) : spaced.next();
            return { delay: state.duration, state };
          }),
        },
      ).dangerouslyUnref(),
      this.#circuit,
    );
  }

  /** What platform folders call by. */
  readonly call: HttpCall = async (request, judge, signal) => {
    const both = AbortSignal.any([signal, this.#closing.signal]);
    const attempts = this.#policy.execute(async () => {
      try {
        return await this.#once(request, judge, both);
      } catch (error) {
        throw this.#noted(error);
      }
    }, both);
    try {
      const result = await orStopped(attempts, both, request);
      this.#note(null);
      return result;
    } catch (error) {
      throw isBrokenCircuitError(error) ? this.#leftAlone() : error;
    }
  };

  state(): CallState {
    return {
      circuit: circuitNames[this.#circuit.state],
      heldUntil: this.#pacing.heldUntil(),
      fault: this.#fault,
    };
  }

  /** Calls back whenever the state changes; answers how to end that. */
  onState(listener: (state: CallState) => void): () => void {
    return this.#changed.add(listener);
  }

  /** Gives up what is under way, and closes the connections that are kept. */
  close(): void {
    this.#closing.abort();
    this.#agents.httpAgent.destroy();
    this.#agents.httpsAgent.destroy();
  }

  async #once<T>(
    request: () => CallRequest,
    judge: (answer: CallAnswer) => T,
    signal: AbortSignal,
  ): Promise<T> {
    signal.throwIfAborted();
    // Made once for its weight, and again when its turn has come: what is signed holds the time.
    const heldMs = await this.#pacing.take(request().weight ?? 1, signal, this.#longestWaitMs);
    if (heldMs > 0) throw this.#held(heldMs);
    const made = request();
    try {
      const answer = await exchange(made, { timeoutMs: this.#timeoutMs, agents: this.#agents, signal });
      return judge(answer);
    } catch (error) {
      if (!ChannelFault.is(error)) throw error;
      const clean = withoutSecrets(error, this.#secrets);
      if (!made.repeatable && mayHaveArrived(error)) this.#notAgain.add(clean);
      throw clean;
    }
  }

  /** Whether trying again within this call can help. */
  #helps(error: unknown): boolean {
    // What a person has to mend is not mended meanwhile.
    if (!ChannelFault.is(error) || !error.retryable || error.kind === 'caller') return false;
    return !this.#notAgain.has(error) && (error.retryAfterMs ?? 0) <= this.#longestWaitMs;
  }

  #noted(error: unknown): unknown {
    if (!ChannelFault.is(error)) return error;
    if (error.kind === 'throttled' && error.code !== 'channel.held')
      this.#pacing.hold(error.retryAfterMs ?? 1_000);
    // What one request asked for wrongly says nothing of how the account stands, but that it is answered.
    if (error.kind === 'caller' && !error.retryable) this.#note(null);
    else if (error.code !== 'channel.stopped') this.#note(error);
    return error;
  }

  #note(fault: ChannelFault | null): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    this.#tell();
  }

  #tell(): void {
    this.#changed.tell(this.state());
  }

  /** What the platform said to another node, to another process, or before the restart. */
  #held(ms: number): ChannelFault {
    const until = new Date(Date.now() + ms).toISOString();
    const params = { platform: this.#platform, until };
    return new ChannelFault('throttled', 'channel.held', params, { retryAfterMs: Math.ceil(ms) });
  }

  #leftAlone(): ChannelFault {
    const params = {
      count: this.#breakAfter,
      platform: this.#platform,
      seconds: Math.ceil(this.#restMs / 1_000),
      reason: this.#fault ? reasonOf(this.#fault) : '–',
    };
    return new ChannelFault('platform', 'channel.circuit-open', params, { retryAfterMs: this.#restMs });
  }
}

/** Whether the other side may have done what it was asked, though its answer did not come or says nothing. */
function mayHaveArrived(fault: ChannelFault): boolean {
  return fault.kind === 'platform' && !nothingLeft(fault);
}
