import { HubError, reasonOf } from '../../core/errors.ts';
import { type Language, nearestLanguage, sentence } from '../../core/message.ts';

/** The part of an express request and response our routes use. */
export interface RouteRequest {
  query: Record<string, unknown>;
  acceptsLanguages(): string[];
}
export interface RouteResponse {
  headersSent: boolean;
  status(code: number): RouteResponse;
  json(body: unknown): unknown;
}

/** The language to answer in: `?lang=` first, then what the browser asks for. */
export function languageOf(request: RouteRequest): Language {
  const wanted = request.query.lang;
  return nearestLanguage(typeof wanted === 'string' ? wanted : request.acceptsLanguages()[0]);
}

/** HTTP status of a fault: the store's pass by themselves, a caller's do not. */
function statusOf(error: unknown): number {
  if (!HubError.is(error)) return 500;
  if (error.code.startsWith('store.')) return 503;
  return error.retryable ? 503 : 400;
}

/** Wraps an asynchronous route: a rejection becomes an answer with a sentence, where express would crash. */
export function route<Q extends RouteRequest, S extends RouteResponse>(
  act: (request: Q, response: S) => Promise<unknown> | unknown,
): (request: Q, response: S) => void {
  return (request, response) => {
    Promise.resolve()
      .then(() => act(request, response))
      .catch((error: unknown) => {
        if (response.headersSent) return;
        const code = HubError.is(error) ? error.code : 'hub.internal';
        const params = HubError.is(error) ? error.params : { reason: reasonOf(error) };
        response
          .status(statusOf(error))
          .json({ code, params, sentence: sentence(code, params, languageOf(request)) });
      });
  };
}
