import type { ChannelAccess } from '../connection/connection.ts';
import { ChannelFault, withoutSecrets } from '../connection/fault.ts';
import type { CallRequest } from '../connection/http-call.ts';
import type { Answered } from './answer-value.ts';
import { authenticatorOf } from './authentication/authentication.ts';
import type { Authenticator, Prover, UnprovedRequest } from './authentication/authenticator.ts';
import type { CustomChannel, RequestTemplate } from './config.ts';
import { outcomeJudge } from './outcome.ts';
import { encodedQuery, type Query, withParameters } from './query.ts';
import { filledJson, filledText, type Values } from './template.ts';

export interface Sending {
  values: Values;
  /** Whether asking twice does no more than asking once. */
  repeatable: boolean;
  /** Where to ask instead, as an answer before said. */
  url?: string;
  /** Throws for what cannot be the answer, so that it is asked again. */
  check?(answered: Answered): void;
}

/** The interface of one custom channel: fills requests, proves who asks, says what answers mean. */
export interface CustomInterface {
  readonly title: string;
  /** @throws ChannelFault */
  send(template: RequestTemplate, sending: Sending, signal: AbortSignal): Promise<Answered>;
  close(): void;
}

/** What is asked, as people may see it: every proof of who asks is hidden. */
export interface ShownRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/**
 * @param asked told of every request before it goes
 * @throws ChannelFault `channel.credential-missing`
 */
export function interfaceOf(
  rules: CustomChannel,
  access: ChannelAccess,
  asked?: (request: ShownRequest) => void,
): CustomInterface {
  const authenticator: Authenticator = authenticatorOf(
    rules,
    access,
    asked &&
      (({ method, url, headers = {}, body = null }) =>
        asked({ method, url, headers: hidden(headers), body })),
  );

  async function once(
    prover: Prover,
    template: RequestTemplate,
    { values, repeatable, url, check }: Sending,
    signal: AbortSignal,
  ): Promise<Answered> {
    const plain = filledRequest(template, values, access.address ?? '', url);
    const name = nameOf(template);
    const judge = outcomeJudge({
      title: rules.title,
      call: name,
      outcome: rules.outcome,
      isGraphQl: template.graphql !== undefined,
      now: access.now,
    });
    asked?.(shownRequest(plain, prover));
    try {
      return await access.call(
        () => ({ name, repeatable, ...proved(plain, prover) }),
        (answer) => {
          const answered = judge(answer);
          check?.(answered);
          return answered;
        },
        signal,
      );
    } catch (error) {
      throw ChannelFault.is(error) ? withoutSecrets(error, prover.secrets) : error;
    }
  }

  return {
    title: rules.title,
    async send(template, sending, signal) {
      const prover = await authenticator.ready(signal);
      try {
        return await once(prover, template, sending, signal);
      } catch (error) {
        // A request refused for its token was not done, so that it may be made again.
        const isRefused = ChannelFault.is(error) && error.kind === 'credentials';
        if (!isRefused || !authenticator.refused(prover)) throw error;
        return once(await authenticator.ready(signal), template, sending, signal);
      }
    },
    close: () => authenticator.close(),
  };
}

/** What a request is called in limits and sentences: without values, of which there may be as many as orders. */
export function nameOf({ method, path, graphql }: RequestTemplate): string {
  return graphql ? `GraphQL ${path}` : `${method} ${path}`;
}

function filledRequest(
  { method, path, query, headers, body, graphql }: RequestTemplate,
  values: Values,
  address: string,
  elsewhere: string | undefined,
): UnprovedRequest {
  const filled = (texts: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(texts)
        .map(([name, text]) => [name, filledText(text, values)] as const)
        .filter(([, text]) => text !== ''),
    );
  const content = graphql
    ? { query: graphql.query, variables: filledJson(graphql.variables, values) }
    : filledJson(body, values);
  const next = elsewhere === undefined ? undefined : new URL(elsewhere);
  return {
    method: graphql ? 'POST' : method,
    url: next
      ? `${next.origin}${next.pathname}`
      : `${address}${filledText(path, values, encodeURIComponent)}`,
    query: next ? [...next.searchParams] : Object.entries(filled(query)),
    headers: { ...(content !== undefined && { 'content-type': 'application/json' }), ...filled(headers) },
    body: content === undefined ? undefined : JSON.stringify(content),
  };
}

function proved(
  plain: UnprovedRequest,
  prover: Prover,
): Pick<CallRequest, 'method' | 'url' | 'headers' | 'body'> {
  const { headers = {}, query = {} } = prover.prove(plain);
  return {
    method: plain.method as CallRequest['method'],
    url: withQuery(plain.url, withParameters(plain.query, query)),
    headers: { ...plain.headers, ...headers },
    ...(plain.body !== undefined && { body: plain.body }),
  };
}

function shownRequest(plain: UnprovedRequest, prover: Prover): ShownRequest {
  const { headers = {}, query = {} } = prover.prove(plain);
  return {
    method: plain.method,
    url: withQuery(plain.url, withParameters(plain.query, masked(query))),
    headers: { ...hidden(plain.headers), ...masked(headers) },
    body: plain.body ?? null,
  };
}

function withQuery(url: string, query: Query): string {
  const text = encodedQuery(query);
  return text ? `${url}?${text}` : url;
}

const mask = '***';

function masked(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, mask]));
}

/** Headers whose names promise a secret, which people write into the configuration all the same. */
function hidden(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      /auth|token|key|secret|sign|password|cookie/i.test(name) ? mask : value,
    ]),
  );
}
